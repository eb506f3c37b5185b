-- claim: Once the gateway is well again payments succeed, new ones and those of the trouble under their old keys.
-- need: exactly
-- unit: payments that do not succeed
-- with:
WITH last AS (
  SELECT r.no, r.reference, e.status, e.reason, e.try FROM recovery r
  LEFT JOIN exchanges e ON e.source = 'recovery' AND e.no = r.no
  WHERE e.try IS NULL OR e.try = (SELECT max(try) FROM exchanges x WHERE x.source = 'recovery' AND x.no = r.no)
)
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM last WHERE status IS NOT 201;
-- counterexamples:
SELECT reference AS payment, coalesce('status ' || status, reason, 'not sent') AS got, try AS tries
FROM last WHERE status IS NOT 201 ORDER BY no;
