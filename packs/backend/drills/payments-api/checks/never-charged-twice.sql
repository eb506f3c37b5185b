-- claim: No payment of the trouble was charged twice, also where the gateway charged and said nothing.
-- need: exactly
-- unit: payments charged twice or more
-- with:
WITH twice AS (
  SELECT reference, count(*) AS charges, sum(amount) AS sum, group_concat(coalesce(key, 'none'), ', ') AS keys
  FROM charges GROUP BY reference HAVING count(*) > 1
)
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM twice;
-- needs:
SELECT 'the gateway never charged without saying so' AS missing
WHERE NOT EXISTS (SELECT 1 FROM calls WHERE conduct = 'charge-hang' AND charge IS NOT NULL);
-- counterexamples:
SELECT reference AS payment, charges, sum AS charged_in_all, keys AS keys_at_the_gateway FROM twice
ORDER BY charges, reference;
