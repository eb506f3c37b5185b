SELECT
    day,
    channel,
    sum(orders)::bigint AS orders,
    sum(revenue_cents)::bigint AS revenue_cents,
    sum(refunds)::bigint AS refunds,
    sum(refunded_cents)::bigint AS refunded_cents
FROM (
    SELECT (placed_at AT TIME ZONE 'UTC')::date AS day, channel, 1 AS orders, total_cents AS revenue_cents, 0 AS refunds, 0 AS refunded_cents
    FROM orders
    WHERE merchant_id = :merchant AND status <> 'cancelled'
      AND placed_at >= :first_day::timestamp AT TIME ZONE 'UTC'
      AND placed_at < (:last_day::date + 1)::timestamp AT TIME ZONE 'UTC'
    UNION ALL
    SELECT (r.refunded_at AT TIME ZONE 'UTC')::date, o.channel, 0, 0, 1, r.amount_cents
    FROM orders AS o
    JOIN refund AS r ON r.order_id = o.id
    WHERE o.merchant_id = :merchant AND (r.refunded_at AT TIME ZONE 'UTC')::date BETWEEN :first_day AND :last_day
) AS movement
GROUP BY day, channel
ORDER BY day, channel;
