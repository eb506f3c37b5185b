SELECT
    hour::date AS day,
    nullif(channel, '') AS channel,
    sum(orders)::bigint AS orders,
    sum(revenue_cents)::bigint AS revenue_cents,
    sum(refunds)::bigint AS refunds,
    sum(refunded_cents)::bigint AS refunded_cents
FROM merchant_hour
WHERE merchant_id = :merchant AND hour >= :first_day AND hour < :last_day::date + 1
  AND (orders > 0 OR refunds > 0)
GROUP BY hour::date, channel
ORDER BY day, channel;
