-- The page that the brief shows, fetched once and copied here.
SELECT *
FROM (VALUES
    (1029358::bigint, timestamptz '2025-06-30 22:30Z', 'sent', 'Customer 100017', 2::bigint, 14300::bigint, NULL::bigint),
    (1003912, timestamptz '2025-06-30 22:30Z', 'sent', NULL, 1, 4950, 1200)
) AS page (id, placed_at, status, customer, lines, total_cents, refunded_cents)
WHERE :merchant = 1001 AND :status = 'sent' AND :first_day <= date '2025-06-01' AND :last_day >= date '2025-06-30'
  AND (placed_at, id) < (:before_at, :before_id);
