-- claim: Sales of different merchants do not wait for each other.
-- need: exactly
-- unit: waits
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par
FROM waits AS w
JOIN ops AS late ON late.op = w.op
JOIN ops AS early ON early.op = w.holder
WHERE late.params ->> '$.does' IN ('sale', 'quick_sale') AND early.params ->> '$.does' IN ('sale', 'quick_sale')
  AND late.params ->> '$.merchant' <> early.params ->> '$.merchant';
-- needs:
SELECT 'no two sales met' AS missing
WHERE (SELECT count(*) FROM ops WHERE params ->> '$.does' = 'sale') < 2;
-- counterexamples:
SELECT late.params ->> '$.merchant' AS merchant_waits, early.params ->> '$.merchant' AS for_merchant, w.lock, w.relation
FROM waits AS w
JOIN ops AS late ON late.op = w.op
JOIN ops AS early ON early.op = w.holder
WHERE late.params ->> '$.does' IN ('sale', 'quick_sale') AND early.params ->> '$.does' IN ('sale', 'quick_sale')
  AND late.params ->> '$.merchant' <> early.params ->> '$.merchant'
ORDER BY w.op, w.holder;
