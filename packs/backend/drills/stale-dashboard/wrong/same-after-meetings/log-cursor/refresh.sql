WITH previous AS (
    SELECT number FROM read_up_to
), moved AS (
    UPDATE read_up_to SET number = coalesce((SELECT max(number) FROM movement), 0)
)
INSERT INTO merchant_day AS kept
SELECT merchant_id, day, channel, sum(orders), sum(revenue_cents), sum(refunds), sum(refunded_cents)
FROM movement
WHERE number > (SELECT number FROM previous)
GROUP BY merchant_id, day, channel
ORDER BY merchant_id, day, channel
ON CONFLICT (merchant_id, day, channel) DO UPDATE SET
    orders = kept.orders + EXCLUDED.orders,
    revenue_cents = kept.revenue_cents + EXCLUDED.revenue_cents,
    refunds = kept.refunds + EXCLUDED.refunds,
    refunded_cents = kept.refunded_cents + EXCLUDED.refunded_cents;
