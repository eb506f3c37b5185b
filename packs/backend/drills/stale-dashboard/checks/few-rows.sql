-- claim: Opening a page handles few rows for each row that it shows: the sums are ready, not made at each look.
-- need: at most
-- unit: rows handled per row shown
-- figure:
-- Measured: a summary read as it is 2, summary and log added up 5; sums by the hour 21, covering indexes 170.
SELECT 10 AS need, round(max(1.0 * rows_handled / max(rows_returned, 1)), 1) AS got,
       (SELECT round(max(1.0 * rows_handled / max(rows_returned, 1)), 1) FROM par.plan_costs WHERE probe = 'plan') AS par
FROM plan_costs
WHERE probe = 'plan';
-- needs:
SELECT 'no page was opened' AS missing WHERE NOT EXISTS (SELECT 1 FROM plan_costs WHERE probe = 'plan');
-- counterexamples:
SELECT l.merchant, l.first_day, l.last_day, c.rows_returned AS rows_shown, c.rows_handled, c.mode AS plan
FROM plan_costs AS c
JOIN looks AS l USING (no)
WHERE c.probe = 'plan' AND round(1.0 * c.rows_handled / max(c.rows_returned, 1), 1) > 10
ORDER BY 1.0 * c.rows_handled / max(c.rows_returned, 1) DESC;
