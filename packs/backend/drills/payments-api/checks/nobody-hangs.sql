-- claim: Whoever pays while the gateway hangs is answered all the same: 503, or 201 if the service finds out that the card was charged.
-- need: exactly
-- unit: payments without such an answer
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par
FROM hang h LEFT JOIN exchanges e ON e.source = 'hang' AND e.no = h.no
WHERE h.method = 'POST' AND (e.status IS NULL OR e.status NOT IN (201, 503));
-- needs:
SELECT 'no call hung in the gateway' AS missing WHERE NOT EXISTS (SELECT 1 FROM calls WHERE conduct LIKE '%hang');
-- counterexamples:
SELECT h.reference AS payment, e.instance, coalesce(CAST(e.status AS TEXT), e.reason, 'not sent') AS got,
       (e.ended_us - e.started_us) / 1000 AS after_ms
FROM hang h LEFT JOIN exchanges e ON e.source = 'hang' AND e.no = h.no
WHERE h.method = 'POST' AND (e.status IS NULL OR e.status NOT IN (201, 503)) ORDER BY h.no;
