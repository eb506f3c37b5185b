-- claim: The store holds the items that it held, and nobody has more rights than before.
-- need: at most
-- unit: differences
-- Both runs share a server, so that a new superuser shows in both.
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par
FROM par.state AS before
FULL JOIN state AS after USING (what, "is")
WHERE before.row IS NULL OR after.row IS NULL OR what = 'new superuser';
-- counterexamples:
SELECT what, "is", after.row IS NOT NULL AS "is there"
FROM par.state AS before
FULL JOIN state AS after USING (what, "is")
WHERE before.row IS NULL OR after.row IS NULL OR what = 'new superuser'
ORDER BY what, "is";
