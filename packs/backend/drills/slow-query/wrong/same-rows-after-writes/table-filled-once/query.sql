SELECT id, placed_at, status, customer, lines, total_cents, refunded_cents
FROM ready_page
WHERE merchant = :merchant
  AND status = :status
  AND placed_at >= :first_day::timestamp AT TIME ZONE 'Europe/Berlin'
  AND placed_at < (:last_day + 1)::timestamp AT TIME ZONE 'Europe/Berlin'
  AND (placed_at, id) < (:before_at, :before_id)
ORDER BY placed_at DESC, id DESC
LIMIT 50;
