SELECT
    day,
    channel,
    count(*) FILTER (WHERE what = 'order') AS orders,
    coalesce(sum(cents) FILTER (WHERE what = 'order'), 0)::bigint AS revenue_cents,
    count(*) FILTER (WHERE what = 'refund') AS refunds,
    coalesce(sum(cents) FILTER (WHERE what = 'refund'), 0)::bigint AS refunded_cents
FROM (
    SELECT (placed_at AT TIME ZONE 'UTC')::date AS day, channel, 'order' AS what, total_cents AS cents
    FROM orders
    WHERE merchant_id = :merchant AND status <> 'cancelled'
    UNION ALL
    SELECT (r.refunded_at AT TIME ZONE 'UTC')::date, o.channel, 'refund', r.amount_cents
    FROM refund AS r
    JOIN orders AS o ON o.id = r.order_id
    WHERE o.merchant_id = :merchant
) AS movement
WHERE day BETWEEN :first_day AND :last_day
GROUP BY day, channel
ORDER BY day, channel;
