-- claim: No reader and no sale waits for the refresh, and the refresh waits for none of them.
-- need: exactly
-- unit: waits
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par
FROM waits AS w
JOIN ops AS late ON late.op = w.op
JOIN ops AS early ON early.op = w.holder
WHERE 'refresh' IN (late.params ->> '$.does', early.params ->> '$.does');
-- needs:
SELECT 'no refresh met a reader' AS missing
WHERE NOT EXISTS (SELECT 1 FROM ops WHERE params ->> '$.does' = 'refresh')
   OR NOT EXISTS (SELECT 1 FROM ops WHERE params ->> '$.does' = 'report');
-- counterexamples:
SELECT late.params ->> '$.does' AS who_waits, early.params ->> '$.does' AS for_whom, w.lock, w.relation
FROM waits AS w
JOIN ops AS late ON late.op = w.op
JOIN ops AS early ON early.op = w.holder
WHERE 'refresh' IN (late.params ->> '$.does', early.params ->> '$.does')
ORDER BY w.op, w.holder;
