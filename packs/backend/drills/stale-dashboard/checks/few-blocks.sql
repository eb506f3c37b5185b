-- claim: Opening a page touches few blocks, for each merchant and stretch of days.
-- need: at most
-- unit: blocks
-- figure:
-- Measured: sorted summaries 20 to 63, an unsorted view 372; the starter 14,904, covering indexes 13,311,
-- one scan of the orders alone 1,700.
SELECT 1000 AS need, max(blocks) AS got, (SELECT max(blocks) FROM par.plan_costs WHERE probe = 'plan') AS par
FROM plan_costs
WHERE probe = 'plan';
-- needs:
SELECT 'no page was opened' AS missing WHERE NOT EXISTS (SELECT 1 FROM plan_costs WHERE probe = 'plan');
-- counterexamples:
SELECT l.merchant, l.first_day, l.last_day, c.rows_returned AS rows_on_the_page, c.blocks AS got, c.mode AS plan
FROM plan_costs AS c
JOIN looks AS l USING (no)
WHERE c.probe = 'plan' AND c.blocks > 1000
ORDER BY c.blocks DESC;
