-- claim: No page of the full shop handles more than five times the rows that the reference handles for it.
-- need: at most
-- unit: rows, all steps of the plan together, for the worst page
-- Blocks do not show work on rows that are already there: joins, sorts, filters. Measured, in times
-- the reference: right answers up to 2.2, wrong answers filed here from 11.
-- figure:
SELECT 5 * r.rows_handled AS need, p.rows_handled AS got, r.rows_handled AS par
FROM plan_costs p
JOIN par.plan_costs r USING (probe, component, no, mode)
WHERE p.probe = 'plans' AND p.component = 'full'
ORDER BY 1.0 * p.rows_handled / r.rows_handled DESC, p.no, p.mode
LIMIT 1;
-- needs:
SELECT 'a page of the full shop has no plan' AS missing
WHERE (SELECT count(*) FROM plan_costs WHERE probe = 'plans' AND component = 'full') <> 2 * (SELECT count(*) FROM far_pages);
-- counterexamples:
SELECT merchant, status, first_day, last_day, before_at, p.mode AS plan, 5 * r.rows_handled AS allowed, p.rows_handled AS got
FROM plan_costs p
JOIN par.plan_costs r USING (probe, component, no, mode)
JOIN far_pages USING (no)
WHERE p.probe = 'plans' AND p.component = 'full' AND p.rows_handled > 5 * r.rows_handled
ORDER BY p.rows_handled, p.mode;
