-- claim: Every index you made is valid, so that PostgreSQL uses it as a whole.
-- need: at most
-- unit: invalid indexes
-- figure:
SELECT 0 AS need, count(*) FILTER (WHERE NOT valid) AS got, NULL AS par
FROM indexes;
-- counterexamples:
SELECT component AS shop, name AS "index", definition
FROM indexes
WHERE NOT valid
ORDER BY component DESC, name;
