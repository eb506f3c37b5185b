-- One statement, so one snapshot: what it takes out of the log is exactly what it adds. A transaction that
-- commits meanwhile is not seen by the DELETE, so its rows stay for the next refresh.
WITH taken AS (
    DELETE FROM movement RETURNING *
)
INSERT INTO merchant_day AS kept
SELECT merchant_id, day, channel, sum(orders), sum(revenue_cents), sum(refunds), sum(refunded_cents)
FROM taken
GROUP BY merchant_id, day, channel
ORDER BY merchant_id, day, channel
ON CONFLICT (merchant_id, day, channel) DO UPDATE SET
    orders = kept.orders + EXCLUDED.orders,
    revenue_cents = kept.revenue_cents + EXCLUDED.revenue_cents,
    refunds = kept.refunds + EXCLUDED.refunds,
    refunded_cents = kept.refunded_cents + EXCLUDED.refunded_cents;
