-- The joins come after the limit now, but the OR still fetches and sorts every order of the range.
WITH page AS (
    SELECT o.id, o.placed_at, o.status, o.customer_id
    FROM orders o
    WHERE (o.merchant_id = :merchant OR o.fulfilled_by = :merchant)
      AND o.status = :status
      AND o.placed_at >= :first_day::timestamp AT TIME ZONE 'Europe/Berlin'
      AND o.placed_at < (:last_day + 1)::timestamp AT TIME ZONE 'Europe/Berlin'
      AND (o.placed_at, o.id) < (:before_at, :before_id)
    ORDER BY o.placed_at DESC, o.id DESC
    LIMIT 50
)
SELECT page.id,
       page.placed_at,
       page.status,
       c.name AS customer,
       items.lines,
       coalesce(items.cents, 0) AS total_cents,
       (SELECT sum(r.amount_cents) FROM refund r WHERE r.order_id = page.id) AS refunded_cents
FROM page
LEFT JOIN customer c ON c.id = page.customer_id
CROSS JOIN LATERAL (
    SELECT count(*) AS lines, sum(i.quantity * i.price_cents) AS cents
    FROM order_item i
    WHERE i.order_id = page.id
) AS items
ORDER BY page.placed_at DESC, page.id DESC;
