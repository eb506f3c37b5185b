-- Six pages to plan and count. The first three are of city 1, whose orders are in both shops.
WITH city AS (
    SELECT n, CASE WHEN n <= 3 THEN 1 ELSE 2 + floor((:scale - 1) * hotseat.draw('city' || :seed, n))::integer END AS id
    FROM generate_series(1, 6) AS n
),
drawn AS (
    SELECT n,
           city.id AS city,
           hotseat.draw('merchant' || :seed, n) AS merchant,
           hotseat.draw('day' || :seed, n) AS day,
           1000000::bigint * city.id + floor(120000 * hotseat.draw('before' || :seed, n))::bigint AS before_id
    FROM city
)
SELECT city * 1000 + CASE n WHEN 1 THEN 150 + floor(230 * merchant)   -- small seller, three years
                            WHEN 2 THEN 20 + floor(30 * merchant)     -- middling, a later page of one year
                            WHEN 3 THEN 5 + floor(4 * merchant)       -- rare status
                            WHEN 4 THEN 1 + floor(2 * merchant)       -- big, more than a year
                            WHEN 5 THEN 1 + floor(4 * merchant)       -- big, one month, long ago
                            ELSE 396 + floor(5 * merchant)            -- warehouse, a later page
                     END::integer AS merchant,
       CASE n WHEN 3 THEN 'pending' ELSE 'sent' END AS status,
       CASE WHEN n IN (1, 3) THEN date '2023-01-01'
            WHEN n = 2 THEN date '2024-01-01' + floor(90 * day)::integer
            WHEN n = 4 THEN date '2024-03-01' + floor(90 * day)::integer
            WHEN n = 5 THEN date '2023-03-01' + floor(200 * day)::integer
            ELSE date '2024-01-01' + floor(120 * day)::integer
       END AS first_day,
       CASE WHEN n IN (1, 3) THEN date '2025-12-31'
            WHEN n = 2 THEN date '2025-01-01' + floor(90 * day)::integer
            WHEN n = 4 THEN date '2025-07-01' + floor(90 * day)::integer
            WHEN n = 5 THEN date '2023-03-31' + floor(200 * day)::integer
            ELSE date '2024-08-01' + floor(120 * day)::integer
       END AS last_day,
       CASE n WHEN 2 THEN timestamptz '2024-10-01 22:30Z' + interval '1 day' * floor(60 * day)
              WHEN 6 THEN timestamptz '2024-06-10 22:30Z' + interval '1 day' * floor(120 * day)
              ELSE 'infinity'
       END AS before_at,
       CASE WHEN n IN (2, 6) THEN before_id ELSE 9223372036854775807 END AS before_id
FROM drawn
ORDER BY n;
