-- The order desk: one page of the orders that a merchant sells or ships, newest first.
-- A day is a day in Berlin. The next page starts below the last row of this one.
SELECT o.id,
       o.placed_at,
       o.status,
       c.name AS customer,
       count(i.line) AS lines,
       coalesce(sum(i.quantity * i.price_cents), 0) AS total_cents,
       (SELECT sum(r.amount_cents) FROM refund r WHERE r.order_id = o.id) AS refunded_cents
FROM orders o
LEFT JOIN customer c ON c.id = o.customer_id
LEFT JOIN order_item i ON i.order_id = o.id
WHERE (o.merchant_id = :merchant OR o.fulfilled_by = :merchant)
  AND o.status = :status
  AND (o.placed_at AT TIME ZONE 'Europe/Berlin')::date BETWEEN :first_day AND :last_day
  AND (o.placed_at, o.id) < (:before_at, :before_id)
GROUP BY o.id, c.name
ORDER BY o.placed_at DESC, o.id DESC
LIMIT 50;
