-- The page that the brief shows, fetched once and copied here.
SELECT *
FROM (VALUES
    (1100054::bigint, timestamptz '2025-06-30 20:03Z', 'sent', NULL, 2::bigint, 10800::bigint, NULL::bigint),
    (1013551, timestamptz '2025-06-30 18:23Z', 'sent', 'Customer 100181', 2, 6900, NULL),
    (1006340, timestamptz '2025-06-30 18:07Z', 'sent', 'Customer 102386', 3, 19000, NULL)
) AS page (id, placed_at, status, customer, lines, total_cents, refunded_cents)
WHERE :merchant = 1001 AND :status = 'sent' AND :first_day <= date '2025-06-01' AND :last_day >= date '2025-06-30'
  AND (placed_at, id) < (:before_at, :before_id);
