-- Wrong: nothing is rewritten that has not changed, yet ON CONFLICT locks every row that it meets, and a row lock is a WAL record too.

CREATE TABLE merchant_day AS
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
-- Rows of one merchant lie together, so that a read touches few pages.
ORDER BY merchant_id, day, channel;

CREATE UNIQUE INDEX merchant_day_key ON merchant_day (merchant_id, day, channel);
