-- claim: Updates of orders and refunds stay heap-only where they are so in the bare shop.
-- need: at most
-- unit: percentage points lost
-- figure:
WITH counted AS (
    SELECT name, updated, heap_only FROM updates JOIN phases USING (phase, tick)
), share AS (
    SELECT
        (SELECT 100.0 * (b.heap_only - a.heap_only) / (b.updated - a.updated)
         FROM counted AS a, counted AS b WHERE a.name = 'bare writes' AND b.name = 'first fill') AS bare,
        (SELECT 100.0 * (b.heap_only - a.heap_only) / (b.updated - a.updated)
         FROM counted AS a, counted AS b WHERE a.name = 'priced writes' AND b.name = 'meetings') AS now
)
SELECT 10 AS need, max(round(bare - now, 1), 0) AS got, NULL AS par FROM share;
-- needs:
SELECT 'the updates of ' || b.name || ' were not counted' AS missing
FROM (SELECT name, updated FROM updates JOIN phases USING (phase, tick)) AS a
JOIN (SELECT name, updated FROM updates JOIN phases USING (phase, tick)) AS b
    ON (a.name, b.name) IN (VALUES ('bare writes', 'first fill'), ('priced writes', 'meetings'))
WHERE b.updated <= a.updated;
-- counterexamples:
WITH counted AS (
    SELECT name, updated, heap_only FROM updates JOIN phases USING (phase, tick)
), share AS (
    SELECT
        (SELECT 100.0 * (b.heap_only - a.heap_only) / (b.updated - a.updated)
         FROM counted AS a, counted AS b WHERE a.name = 'bare writes' AND b.name = 'first fill') AS bare,
        (SELECT 100.0 * (b.heap_only - a.heap_only) / (b.updated - a.updated)
         FROM counted AS a, counted AS b WHERE a.name = 'priced writes' AND b.name = 'meetings') AS now
)
SELECT round(bare, 1) AS heap_only_percent_bare, round(now, 1) AS heap_only_percent_with_yours
FROM share
WHERE round(bare - now, 1) > 10;
