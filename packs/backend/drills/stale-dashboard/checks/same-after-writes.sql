-- claim: After three ticks of writes and a quiet one, every page again shows exactly the rows of the original query.
-- need: exactly
-- unit: rows
-- figure:
WITH expected AS (
    SELECT
        look AS no, day, quote(channel) AS channel,
        orders || ' orders ' || revenue_cents || ', ' || refunds || ' refunds ' || refunded_cents AS value
    FROM original
    JOIN phases USING (phase, tick)
    WHERE name = 'quiet tick'
), shown AS (
    -- A row that comes twice reads "… and …", which is not what is expected either.
    SELECT no, day, channel, group_concat(value, ' and ') AS value
    FROM (
        SELECT
            no, json ->> '$.day' AS day, quote(json ->> '$.channel') AS channel,
            ifnull(CAST(json ->> '$.orders' AS integer), '?') || ' orders '
                || ifnull(CAST(json ->> '$.revenue_cents' AS integer), '?') || ', '
                || ifnull(CAST(json ->> '$.refunds' AS integer), '?') || ' refunds '
                || ifnull(CAST(json ->> '$.refunded_cents' AS integer), '?') AS value
        FROM dashboard
        JOIN phases USING (phase, tick)
        WHERE name = 'quiet tick'
    )
    GROUP BY no, day, channel
), wrong AS (
    SELECT e.no, e.day, e.channel, e.value AS expected, s.value AS got
    FROM expected AS e
    LEFT JOIN shown AS s ON s.no = e.no AND s.day = e.day AND s.channel = e.channel
    WHERE s.value IS NOT e.value
    UNION ALL
    SELECT s.no, s.day, s.channel, NULL, s.value
    FROM shown AS s
    LEFT JOIN expected AS e ON e.no = s.no AND e.day = s.day AND e.channel = s.channel
    WHERE e.no IS NULL
)
SELECT 0 AS need, count(*) AS got, NULL AS par FROM wrong;
-- needs:
SELECT 'the original query returned no rows' AS missing
WHERE NOT EXISTS (SELECT 1 FROM original JOIN phases USING (phase, tick) WHERE name = 'quiet tick');
-- counterexamples:
WITH expected AS (
    SELECT
        look AS no, day, quote(channel) AS channel,
        orders || ' orders ' || revenue_cents || ', ' || refunds || ' refunds ' || refunded_cents AS value
    FROM original
    JOIN phases USING (phase, tick)
    WHERE name = 'quiet tick'
), shown AS (
    -- A row that comes twice reads "… and …", which is not what is expected either.
    SELECT no, day, channel, group_concat(value, ' and ') AS value
    FROM (
        SELECT
            no, json ->> '$.day' AS day, quote(json ->> '$.channel') AS channel,
            ifnull(CAST(json ->> '$.orders' AS integer), '?') || ' orders '
                || ifnull(CAST(json ->> '$.revenue_cents' AS integer), '?') || ', '
                || ifnull(CAST(json ->> '$.refunds' AS integer), '?') || ' refunds '
                || ifnull(CAST(json ->> '$.refunded_cents' AS integer), '?') AS value
        FROM dashboard
        JOIN phases USING (phase, tick)
        WHERE name = 'quiet tick'
    )
    GROUP BY no, day, channel
), wrong AS (
    SELECT e.no, e.day, e.channel, e.value AS expected, s.value AS got
    FROM expected AS e
    LEFT JOIN shown AS s ON s.no = e.no AND s.day = e.day AND s.channel = e.channel
    WHERE s.value IS NOT e.value
    UNION ALL
    SELECT s.no, s.day, s.channel, NULL, s.value
    FROM shown AS s
    LEFT JOIN expected AS e ON e.no = s.no AND e.day = s.day AND e.channel = s.channel
    WHERE e.no IS NULL
)
SELECT l.merchant, w.day, w.channel, ifnull(w.expected, 'no such row') AS expected, ifnull(w.got, 'no such row') AS got
FROM wrong AS w
JOIN looks AS l USING (no)
ORDER BY l.last_day - l.first_day, l.merchant, w.day, w.channel;
