-- claim: While the gateway is well, but for a single failed call now and then, every payment gets its answer: 201, or 402 for a declined card.
-- need: exactly
-- unit: payments refused in calm weather
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par
FROM calm c LEFT JOIN exchanges e ON e.source = 'calm' AND e.no = c.no WHERE e.status IS NOT c.expect;
-- counterexamples:
SELECT c.reference AS payment, c.expect AS expected, coalesce(CAST(e.status AS TEXT), e.reason, 'not sent') AS got,
       coalesce(c.gateway || ' once', 'well') AS gateway, substr(e.answer, 1, 160) AS answer
FROM calm c LEFT JOIN exchanges e ON e.source = 'calm' AND e.no = c.no WHERE e.status IS NOT c.expect
ORDER BY c.no;
