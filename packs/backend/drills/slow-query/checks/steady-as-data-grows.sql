-- claim: A page costs the same in a shop ten times the size.
-- need: at most
-- unit: times the blocks of the small shop
-- The first city's merchants have the same orders in both shops. Measured: right answers 1.05 to
-- 1.13, wrong answers filed here from 7.4.
-- figure:
SELECT 2 AS need,
       max(round(1.0 * big.blocks / max(small.blocks, 1), 2)) AS got,
       (SELECT max(round(1.0 * r.blocks / s.blocks, 2))
        FROM par.plan_costs r
        JOIN par.plan_costs s USING (probe, no, mode)
        JOIN far_pages USING (no)
        WHERE probe = 'plans' AND r.component = 'full' AND s.component = 'small' AND merchant < 2000) AS par
FROM plan_costs big
JOIN plan_costs small USING (probe, no, mode)
JOIN far_pages USING (no)
WHERE probe = 'plans' AND big.component = 'full' AND small.component = 'small' AND merchant < 2000;
-- needs:
SELECT 'no page of the first city was planned on both shops' AS missing
WHERE NOT EXISTS (
    SELECT 1
    FROM plan_costs big
    JOIN plan_costs small USING (probe, no, mode)
    JOIN far_pages USING (no)
    WHERE probe = 'plans' AND big.component = 'full' AND small.component = 'small' AND merchant < 2000);
-- counterexamples:
SELECT merchant, status, first_day, last_day, before_at, big.mode AS plan,
       small.blocks AS small_shop, big.blocks AS full_shop, round(1.0 * big.blocks / max(small.blocks, 1), 2) AS times
FROM plan_costs big
JOIN plan_costs small USING (probe, no, mode)
JOIN far_pages USING (no)
WHERE probe = 'plans' AND big.component = 'full' AND small.component = 'small' AND merchant < 2000
  AND round(1.0 * big.blocks / max(small.blocks, 1), 2) > 2
ORDER BY times, plan;
