-- 16 pages of the small shop: merchants of every size, every status, long and short ranges; half of
-- them are later pages that begin in the middle of orders with one time stamp.
WITH drawn AS (
    SELECT n,
           1000 + CASE WHEN n IN (4, 8)  THEN 1                                                 -- the biggest
                       WHEN n % 4 = 0    THEN 1 + floor(3 * hotseat.draw('merchant' || :seed, n))
                       WHEN n % 4 = 1    THEN 4 + floor(50 * hotseat.draw('merchant' || :seed, n))
                       WHEN n % 4 = 2    THEN 60 + floor(320 * hotseat.draw('merchant' || :seed, n))  -- the long tail
                       ELSE                   391 + floor(10 * hotseat.draw('merchant' || :seed, n))  -- the warehouses
                  END::integer AS merchant,
           CASE WHEN n % 8 IN (1, 6) THEN (ARRAY['pending', 'paid', 'returned', 'cancelled'])[1 + floor(4 * hotseat.draw('status' || :seed, n))::integer]
                ELSE 'sent'
           END AS status,
           -- All ranges end in summer, when Berlin's midnight is two hours from UTC's.
           date '2024-05-01' + 365 * (n % 2) + floor(120 * hotseat.draw('last' || :seed, n))::integer AS last_day,
           n > 8 AS later
    FROM generate_series(1, 16) AS n
),
pages AS (
    SELECT *, last_day - (ARRAY[6, 60, 300, 800])[1 + floor(4 * hotseat.draw('days' || :seed, n))::integer] AS first_day
    FROM drawn
)
SELECT merchant,
       status,
       first_day,
       last_day,
       coalesce(tie.placed_at, 'infinity') AS before_at,
       coalesce(tie.id, 9223372036854775807) AS before_id
FROM pages
LEFT JOIN LATERAL (
    SELECT o.placed_at, percentile_disc(0.5) WITHIN GROUP (ORDER BY o.id DESC) AS id
    FROM orders o
    WHERE later
      AND (o.merchant_id = pages.merchant OR o.fulfilled_by = pages.merchant)
      AND o.status = pages.status
      AND (o.placed_at AT TIME ZONE 'Europe/Berlin')::date BETWEEN first_day AND last_day
    GROUP BY o.placed_at
    ORDER BY count(*) DESC, hotseat.draw('tie' || :seed, extract(epoch FROM o.placed_at)::bigint)
    LIMIT 1
) AS tie ON true
ORDER BY n;
