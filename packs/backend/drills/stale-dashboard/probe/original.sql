-- What the pages must show, from the tables that hold the truth: all looks in one pass.
SELECT
    look,
    day,
    channel,
    count(*) FILTER (WHERE what = 'order') AS orders,
    coalesce(sum(cents) FILTER (WHERE what = 'order'), 0)::bigint AS revenue_cents,
    count(*) FILTER (WHERE what = 'refund') AS refunds,
    coalesce(sum(cents) FILTER (WHERE what = 'refund'), 0)::bigint AS refunded_cents
FROM hotseat.looks(:seed)
JOIN (
    SELECT merchant_id, (placed_at AT TIME ZONE 'UTC')::date AS day, channel, 'order' AS what, total_cents AS cents
    FROM orders
    WHERE status <> 'cancelled'
    UNION ALL
    SELECT o.merchant_id, (r.refunded_at AT TIME ZONE 'UTC')::date, o.channel, 'refund', r.amount_cents
    FROM refund AS r
    JOIN orders AS o ON o.id = r.order_id
) AS movement ON merchant_id = merchant AND day BETWEEN first_day AND last_day
GROUP BY look, day, channel
ORDER BY look, day, channel;
