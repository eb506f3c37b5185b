-- claim: Every answer shows exactly the items of its shelf, the cheapest first.
-- need: at most
-- unit: rows that differ
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par
FROM par.original AS expected
FULL JOIN answers AS got USING (no, row)
WHERE expected.json IS NOT got.json;
-- needs:
SELECT 'no shelf was looked for' AS missing WHERE NOT EXISTS (SELECT 1 FROM par.original);
-- counterexamples:
SELECT shelf, row, expected.json AS expected, got.json AS got
FROM par.original AS expected
FULL JOIN answers AS got USING (no, row)
JOIN shelves USING (no)
WHERE expected.json IS NOT got.json
ORDER BY no, row
LIMIT 20;
