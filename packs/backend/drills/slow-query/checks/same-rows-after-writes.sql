-- claim: The pages follow the shop: after thousands of changes they still show the rows of the given query.
-- need: at most
-- unit: rows that differ
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par
FROM par.original_later AS expected
FULL JOIN answers_later AS got USING (no, row)
WHERE expected.json IS NOT got.json;
-- needs:
SELECT 'the changes altered too few of the rows on the pages' AS missing
WHERE (SELECT count(*)
       FROM par.original_later AS later
       FULL JOIN par.original AS earlier USING (no, row)
       WHERE later.json IS NOT earlier.json) < 20;
-- counterexamples:
SELECT merchant, status, first_day, last_day, before_at, before_id, row,
       expected.json AS expected, got.json AS got
FROM par.original_later AS expected
FULL JOIN answers_later AS got USING (no, row)
JOIN pages USING (no)
WHERE expected.json IS NOT got.json
ORDER BY row, no
LIMIT 20;
