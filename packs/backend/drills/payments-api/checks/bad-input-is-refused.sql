-- claim: Each request with one thing wrong gets the status that tells what is wrong.
-- need: exactly
-- unit: answers with another status
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par
FROM refusals r LEFT JOIN exchanges e ON e.source = 'refusals' AND e.no = r.no
WHERE e.status IS NOT r.expect;
-- counterexamples:
SELECT r.what, r.method || ' ' || r.path AS request, substr(r.body, 1, 120) AS body, r.expect AS expected,
       coalesce(CAST(e.status AS TEXT), e.reason, 'not sent') AS got, e.exchange
FROM refusals r LEFT JOIN exchanges e ON e.source = 'refusals' AND e.no = r.no
WHERE e.status IS NOT r.expect
ORDER BY r.no;
