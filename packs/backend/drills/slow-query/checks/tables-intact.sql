-- claim: Beside indexes and statistics the shop is as it was: tables, columns, constraints, triggers, rows.
-- need: at most
-- unit: differences
-- The reference adds only indexes and statistics, which these lists leave out.
-- figure:
WITH given AS (
    SELECT component, kind, name, "is" FROM par.shape
    UNION ALL SELECT component, 'rows', of_table, rows || ' rows' FROM par.counts
    UNION ALL SELECT component, 'content', of_table, mark FROM par.contents
),
now AS (
    SELECT component, kind, name, "is" FROM shape
    UNION ALL SELECT component, 'rows', of_table, rows || ' rows' FROM counts
    UNION ALL SELECT component, 'content', of_table, mark FROM contents
)
SELECT 0 AS need, count(*) AS got, NULL AS par
FROM given
FULL JOIN now USING (component, kind, name)
WHERE given."is" IS NOT now."is";
-- needs:
SELECT 'the given tables were not listed' AS missing
WHERE (SELECT count(*) FROM par.shape WHERE kind = 'column') = 0
   OR (SELECT count(*) FROM par.counts) = 0
   OR (SELECT count(*) FROM par.contents) = 0;
-- counterexamples:
WITH given AS (
    SELECT component, kind, name, "is" FROM par.shape
    UNION ALL SELECT component, 'rows', of_table, rows || ' rows' FROM par.counts
    UNION ALL SELECT component, 'content', of_table, mark FROM par.contents
),
now AS (
    SELECT component, kind, name, "is" FROM shape
    UNION ALL SELECT component, 'rows', of_table, rows || ' rows' FROM counts
    UNION ALL SELECT component, 'content', of_table, mark FROM contents
)
SELECT component AS shop, kind, name, given."is" AS was, now."is" AS "is"
FROM given
FULL JOIN now USING (component, kind, name)
WHERE given."is" IS NOT now."is"
ORDER BY shop DESC, kind, name
LIMIT 20;
