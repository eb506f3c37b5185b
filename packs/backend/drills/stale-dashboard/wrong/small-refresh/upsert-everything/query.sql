SELECT day, nullif(channel, '') AS channel, orders, revenue_cents, refunds, refunded_cents
FROM merchant_day
WHERE merchant_id = :merchant AND day BETWEEN :first_day AND :last_day
ORDER BY day, channel;
