-- claim: Each answer is one that openapi.yaml describes: its status, its media type, its headers, its body.
-- need: exactly
-- unit: answers that differ from it
-- figure:
SELECT 0 AS need, count(DISTINCT exchange) AS got, NULL AS par FROM deviations;
-- needs:
SELECT 'fewer than 50 answers were seen' AS missing WHERE (SELECT count(*) FROM exchanges WHERE status IS NOT NULL) < 50;
-- counterexamples:
SELECT e.method || ' ' || substr(e.path, 1, 60) AS request, e.status, d.place, d.expected, d.got, d.exchange
FROM deviations d JOIN exchanges e USING (exchange) ORDER BY d.exchange, d.place;
