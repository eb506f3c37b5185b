-- claim: No page of the full shop reads more than three times the blocks that the reference reads for it.
-- need: at most
-- unit: blocks for the worst page
-- Measured, in times the reference: right answers up to 1.3, wrong answers filed here from 5.0.
-- figure:
SELECT 3 * r.blocks AS need, p.blocks AS got, r.blocks AS par
FROM plan_costs p
JOIN par.plan_costs r USING (probe, component, no, mode)
WHERE p.probe = 'plans' AND p.component = 'full'
ORDER BY 1.0 * p.blocks / r.blocks DESC, p.no, p.mode
LIMIT 1;
-- needs:
SELECT 'a page of the full shop has no plan' AS missing
WHERE (SELECT count(*) FROM plan_costs WHERE probe = 'plans' AND component = 'full') <> 2 * (SELECT count(*) FROM far_pages);
-- counterexamples:
SELECT merchant, status, first_day, last_day, before_at, p.mode AS plan, 3 * r.blocks AS allowed, p.blocks AS got
FROM plan_costs p
JOIN par.plan_costs r USING (probe, component, no, mode)
JOIN far_pages USING (no)
WHERE p.probe = 'plans' AND p.component = 'full' AND p.blocks > 3 * r.blocks
ORDER BY p.blocks, p.mode;
