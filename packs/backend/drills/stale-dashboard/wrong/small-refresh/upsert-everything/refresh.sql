WITH truth AS MATERIALIZED (
    SELECT
        merchant_id,
        day,
        channel,
        sum(orders)::bigint AS orders,
        sum(revenue_cents)::bigint AS revenue_cents,
        sum(refunds)::bigint AS refunds,
        sum(refunded_cents)::bigint AS refunded_cents
    FROM (
        SELECT
            merchant_id,
            (placed_at AT TIME ZONE 'UTC')::date AS day,
            coalesce(channel, '') AS channel,
            1 AS orders,
            total_cents AS revenue_cents,
            0 AS refunds,
            0 AS refunded_cents
        FROM orders
        WHERE status <> 'cancelled'
        UNION ALL
        SELECT
            o.merchant_id,
            (r.refunded_at AT TIME ZONE 'UTC')::date,
            coalesce(o.channel, ''),
            0,
            0,
            1,
            r.amount_cents
        FROM refund AS r
        JOIN orders AS o ON o.id = r.order_id
    ) AS movement
    GROUP BY merchant_id, day, channel
), gone AS (
    DELETE FROM merchant_day AS kept
    WHERE NOT EXISTS (
        SELECT FROM truth
        WHERE (truth.merchant_id, truth.day, truth.channel) = (kept.merchant_id, kept.day, kept.channel))
)
INSERT INTO merchant_day AS kept
SELECT * FROM truth
ON CONFLICT (merchant_id, day, channel) DO UPDATE SET
    orders = EXCLUDED.orders, revenue_cents = EXCLUDED.revenue_cents,
    refunds = EXCLUDED.refunds, refunded_cents = EXCLUDED.refunded_cents
WHERE (kept.orders, kept.revenue_cents, kept.refunds, kept.refunded_cents)
      IS DISTINCT FROM (EXCLUDED.orders, EXCLUDED.revenue_cents, EXCLUDED.refunds, EXCLUDED.refunded_cents);
