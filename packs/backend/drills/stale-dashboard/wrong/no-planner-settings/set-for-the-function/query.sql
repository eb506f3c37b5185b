SELECT day, nullif(channel, '') AS channel, orders, revenue_cents, refunds, refunded_cents
FROM page(:merchant, :first_day, :last_day)
ORDER BY day, channel;
