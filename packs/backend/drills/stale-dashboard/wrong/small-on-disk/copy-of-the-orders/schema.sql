-- Wrong: the view keeps a row for each order instead of each day.

CREATE MATERIALIZED VIEW movement AS
SELECT
    'order ' || id AS key,
    merchant_id,
    (placed_at AT TIME ZONE 'UTC')::date AS day,
    channel,
    1 AS orders,
    total_cents AS revenue_cents,
    0 AS refunds,
    0 AS refunded_cents
FROM orders
WHERE status <> 'cancelled'
UNION ALL
SELECT 'refund ' || r.id, o.merchant_id, (r.refunded_at AT TIME ZONE 'UTC')::date, o.channel, 0, 0, 1, r.amount_cents
FROM refund AS r
JOIN orders AS o ON o.id = r.order_id
ORDER BY merchant_id, day;

CREATE UNIQUE INDEX movement_key ON movement (key);
CREATE INDEX movement_day ON movement (merchant_id, day);
