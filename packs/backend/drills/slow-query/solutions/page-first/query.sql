-- First find which 50 orders are on the page, then fetch what it shows of them.
WITH bounds AS MATERIALIZED (
    SELECT timezone('Europe/Berlin', :first_day::timestamp) AS from_at,
           timezone('Europe/Berlin', :last_day::timestamp + interval '1 day') AS to_at
),
sold AS (
    SELECT o.id, o.placed_at
    FROM orders o
    WHERE o.merchant_id = :merchant
      AND o.status = :status
      AND o.placed_at >= (SELECT from_at FROM bounds)
      AND o.placed_at < (SELECT to_at FROM bounds)
      AND (o.placed_at, o.id) < (:before_at, :before_id)
    ORDER BY o.placed_at DESC, o.id DESC
    LIMIT 50
),
shipped AS (
    SELECT o.id, o.placed_at
    FROM orders o
    WHERE o.fulfilled_by = :merchant
      AND o.status = :status
      AND o.placed_at >= (SELECT from_at FROM bounds)
      AND o.placed_at < (SELECT to_at FROM bounds)
      AND (o.placed_at, o.id) < (:before_at, :before_id)
    ORDER BY o.placed_at DESC, o.id DESC
    LIMIT 50
),
page AS (
    -- UNION, not UNION ALL: an order that the merchant both sells and ships comes from both sides.
    SELECT * FROM sold
    UNION
    SELECT * FROM shipped
    ORDER BY placed_at DESC, id DESC
    LIMIT 50
)
SELECT o.id,
       o.placed_at,
       o.status,
       c.name AS customer,
       count(i.line) AS lines,
       coalesce(sum(i.quantity * i.price_cents), 0) AS total_cents,
       (SELECT sum(r.amount_cents) FROM refund r WHERE r.order_id = o.id) AS refunded_cents
FROM page
JOIN orders o ON o.id = page.id
LEFT JOIN customer c ON c.id = o.customer_id
LEFT JOIN order_item i ON i.order_id = o.id
GROUP BY o.id, c.name
ORDER BY o.placed_at DESC, o.id DESC;
