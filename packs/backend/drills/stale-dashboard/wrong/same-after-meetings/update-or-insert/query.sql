SELECT day, nullif(channel, '') AS channel, orders, revenue_cents, refunds, refunded_cents
FROM merchant_day
WHERE merchant_id = :merchant
  AND day BETWEEN :first_day AND :last_day
  AND (orders > 0 OR refunds > 0) -- a day on which every order was cancelled leaves a row of noughts
ORDER BY day, channel;
