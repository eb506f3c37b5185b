-- claim: The gateway has charged no payment twice.
-- need: exactly
-- unit: payments charged twice or more
-- with:
WITH twice AS (
  SELECT reference, count(*) AS charges, sum(amount) AS sum, group_concat(coalesce(key, 'none'), ', ') AS keys,
         (max(at_us) - min(at_us)) / 1000 AS between_ms
  FROM charges GROUP BY reference HAVING count(*) > 1
)
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM twice;
-- needs:
SELECT 'the gateway was never asked' AS missing WHERE NOT EXISTS (SELECT 1 FROM calls);
-- counterexamples:
SELECT t.reference AS payment, t.charges, t.sum AS charged_in_all, t.keys AS keys_at_the_gateway,
       coalesce((SELECT what FROM accidents a WHERE a.reference = t.reference), 'no accident') AS accident
FROM twice t ORDER BY t.charges, t.reference;
