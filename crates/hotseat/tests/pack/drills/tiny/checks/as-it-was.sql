-- claim: The store holds the items that it held, and nobody has more rights than before.
-- need: at most
-- unit: differences
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par
FROM par.state AS before
FULL JOIN state AS after USING (what, "is")
WHERE before.row IS NULL OR after.row IS NULL;
-- counterexamples:
SELECT what, "is", after.row IS NOT NULL AS "is there"
FROM par.state AS before
FULL JOIN state AS after USING (what, "is")
WHERE before.row IS NULL OR after.row IS NULL
ORDER BY what, "is";
