-- claim: What was written in one tick is on the page after the refresh of the next tick at the latest.
-- need: at most
-- unit: ticks behind
-- figure:
-- State 0 is the first fill, state n the shop's tables after the writes of tick n. A row that is not as it
-- should be is as old as the newest state that it agrees with; one that agrees with none is not late but
-- wrong, and same-after-writes sees it.
WITH states AS (
    SELECT
        CASE name WHEN 'ticks' THEN tick ELSE 0 END AS state, look AS no, day, quote(channel) AS channel,
        orders || ' orders ' || revenue_cents || ', ' || refunds || ' refunds ' || refunded_cents AS value
    FROM original
    JOIN phases USING (phase, tick)
    WHERE name IN ('first fill', 'ticks')
), shown AS (
    SELECT
        tick, no, json ->> '$.day' AS day, quote(json ->> '$.channel') AS channel,
        CAST(json ->> '$.orders' AS integer) || ' orders ' || CAST(json ->> '$.revenue_cents' AS integer) || ', '
            || CAST(json ->> '$.refunds' AS integer) || ' refunds ' || CAST(json ->> '$.refunded_cents' AS integer) AS value
    FROM dashboard
    JOIN phases USING (phase, tick)
    WHERE name = 'ticks'
), stale AS (
    SELECT n.state AS tick, n.no, n.day, n.channel, s.value
    FROM states AS n
    LEFT JOIN shown AS s ON s.tick = n.state AND s.no = n.no AND s.day = n.day AND s.channel = n.channel
    WHERE n.state > 0 AND s.value IS NOT n.value
    UNION
    SELECT s.tick, s.no, s.day, s.channel, s.value
    FROM shown AS s
    LEFT JOIN states AS n ON n.state = s.tick AND n.no = s.no AND n.day = s.day AND n.channel = s.channel
    WHERE n.no IS NULL
), late AS (
    SELECT d.tick, d.no, d.day, d.channel, d.value, d.tick - max(earlier.state) AS ticks_behind
    FROM stale AS d
    JOIN (SELECT DISTINCT state FROM states) AS earlier ON earlier.state < d.tick
    LEFT JOIN states AS n ON n.state = earlier.state AND n.no = d.no AND n.day = d.day AND n.channel = d.channel
    WHERE n.value IS d.value
    GROUP BY d.tick, d.no, d.day, d.channel, d.value
)
SELECT 1 AS need, ifnull(max(ticks_behind), 0) AS got, NULL AS par FROM late;
-- needs:
SELECT 'no row changed in tick ' || tick AS missing
FROM phases AS p
WHERE name = 'ticks'
  AND NOT EXISTS (
      SELECT look, day, channel, orders, revenue_cents, refunds, refunded_cents
      FROM original WHERE phase = p.phase AND tick = p.tick
      EXCEPT
      SELECT look, day, channel, orders, revenue_cents, refunds, refunded_cents
      FROM original JOIN phases AS before USING (phase, tick)
      WHERE (before.name = 'ticks' AND before.tick = p.tick - 1) OR (before.name = 'first fill' AND p.tick = 1)
  );
-- counterexamples:
WITH states AS (
    SELECT
        CASE name WHEN 'ticks' THEN tick ELSE 0 END AS state, look AS no, day, quote(channel) AS channel,
        orders || ' orders ' || revenue_cents || ', ' || refunds || ' refunds ' || refunded_cents AS value
    FROM original
    JOIN phases USING (phase, tick)
    WHERE name IN ('first fill', 'ticks')
), shown AS (
    SELECT
        tick, no, json ->> '$.day' AS day, quote(json ->> '$.channel') AS channel,
        CAST(json ->> '$.orders' AS integer) || ' orders ' || CAST(json ->> '$.revenue_cents' AS integer) || ', '
            || CAST(json ->> '$.refunds' AS integer) || ' refunds ' || CAST(json ->> '$.refunded_cents' AS integer) AS value
    FROM dashboard
    JOIN phases USING (phase, tick)
    WHERE name = 'ticks'
), stale AS (
    SELECT n.state AS tick, n.no, n.day, n.channel, s.value
    FROM states AS n
    LEFT JOIN shown AS s ON s.tick = n.state AND s.no = n.no AND s.day = n.day AND s.channel = n.channel
    WHERE n.state > 0 AND s.value IS NOT n.value
    UNION
    SELECT s.tick, s.no, s.day, s.channel, s.value
    FROM shown AS s
    LEFT JOIN states AS n ON n.state = s.tick AND n.no = s.no AND n.day = s.day AND n.channel = s.channel
    WHERE n.no IS NULL
), late AS (
    SELECT d.tick, d.no, d.day, d.channel, d.value, d.tick - max(earlier.state) AS ticks_behind
    FROM stale AS d
    JOIN (SELECT DISTINCT state FROM states) AS earlier ON earlier.state < d.tick
    LEFT JOIN states AS n ON n.state = earlier.state AND n.no = d.no AND n.day = d.day AND n.channel = d.channel
    WHERE n.value IS d.value
    GROUP BY d.tick, d.no, d.day, d.channel, d.value
)
SELECT l.merchant, d.day, d.channel, d.tick AS after_tick, d.ticks_behind, ifnull(d.value, 'no such row') AS got, ifnull(n.value, 'no such row') AS expected
FROM late AS d
JOIN looks AS l USING (no)
LEFT JOIN states AS n ON n.state = d.tick AND n.no = d.no AND n.day = d.day AND n.channel = d.channel
WHERE d.ticks_behind > 1
ORDER BY d.tick, d.ticks_behind DESC, l.merchant, d.day, d.channel;
