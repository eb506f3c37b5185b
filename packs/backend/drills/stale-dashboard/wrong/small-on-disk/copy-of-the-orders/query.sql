SELECT
    day,
    channel,
    sum(orders)::bigint AS orders,
    sum(revenue_cents)::bigint AS revenue_cents,
    sum(refunds)::bigint AS refunds,
    sum(refunded_cents)::bigint AS refunded_cents
FROM movement
WHERE merchant_id = :merchant AND day BETWEEN :first_day AND :last_day
GROUP BY day, channel
ORDER BY day, channel;
