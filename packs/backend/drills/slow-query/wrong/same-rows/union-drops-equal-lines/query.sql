-- UNION instead of OR, around the joined rows: two lines of one order that are alike become one.
SELECT id, placed_at, status, customer,
       count(price_cents) AS lines,
       coalesce(sum(quantity * price_cents), 0) AS total_cents,
       (SELECT sum(r.amount_cents) FROM refund r WHERE r.order_id = both_sides.id) AS refunded_cents
FROM (
    SELECT o.id, o.placed_at, o.status, c.name AS customer, i.quantity, i.price_cents
    FROM orders o
    LEFT JOIN customer c ON c.id = o.customer_id
    LEFT JOIN order_item i ON i.order_id = o.id
    WHERE o.merchant_id = :merchant
      AND o.status = :status
      AND (o.placed_at AT TIME ZONE 'Europe/Berlin')::date BETWEEN :first_day AND :last_day
      AND (o.placed_at, o.id) < (:before_at, :before_id)
    UNION
    SELECT o.id, o.placed_at, o.status, c.name AS customer, i.quantity, i.price_cents
    FROM orders o
    LEFT JOIN customer c ON c.id = o.customer_id
    LEFT JOIN order_item i ON i.order_id = o.id
    WHERE o.fulfilled_by = :merchant
      AND o.status = :status
      AND (o.placed_at AT TIME ZONE 'Europe/Berlin')::date BETWEEN :first_day AND :last_day
      AND (o.placed_at, o.id) < (:before_at, :before_id)
) AS both_sides
GROUP BY id, placed_at, status, customer
ORDER BY placed_at DESC, id DESC
LIMIT 50;
