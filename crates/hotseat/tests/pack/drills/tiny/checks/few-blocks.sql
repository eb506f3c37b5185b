-- claim: An answer touches few blocks.
-- need: at most
-- unit: blocks
-- figure:
SELECT (SELECT 2 * max(blocks) + 4 FROM par.plan_costs) AS need,
       (SELECT max(blocks) FROM plan_costs) AS got,
       (SELECT max(blocks) FROM par.plan_costs) AS par;
-- needs:
SELECT 'no plan was asked for' AS missing WHERE NOT EXISTS (SELECT 1 FROM plan_costs);
-- counterexamples:
SELECT shelf, mode, blocks
FROM plan_costs
JOIN shelves USING (no)
WHERE blocks > (SELECT 2 * max(blocks) + 4 FROM par.plan_costs)
ORDER BY blocks, no, mode
LIMIT 20;
