-- Each side of the OR reads its index in the order of the page and stops after 50 rows. Only the
-- rows that end up on the page are joined.
WITH page AS (
    (SELECT id, placed_at, status, customer_id
     FROM orders
     WHERE merchant_id = :merchant
       AND status = :status
       AND placed_at >= :first_day::timestamp AT TIME ZONE 'Europe/Berlin'
       AND placed_at < (:last_day + 1)::timestamp AT TIME ZONE 'Europe/Berlin'
       AND (placed_at, id) < (:before_at, :before_id)
     ORDER BY placed_at DESC, id DESC
     LIMIT 50)
    UNION ALL
    (SELECT id, placed_at, status, customer_id
     FROM orders
     WHERE fulfilled_by = :merchant
       AND merchant_id <> :merchant     -- the first side has them already
       AND status = :status
       AND placed_at >= :first_day::timestamp AT TIME ZONE 'Europe/Berlin'
       AND placed_at < (:last_day + 1)::timestamp AT TIME ZONE 'Europe/Berlin'
       AND (placed_at, id) < (:before_at, :before_id)
     ORDER BY placed_at DESC, id DESC
     LIMIT 50)
    ORDER BY placed_at DESC, id DESC
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
