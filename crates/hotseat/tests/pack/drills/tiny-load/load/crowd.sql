SELECT 11 + floor(5 * hotseat.draw('from' || :seed, n))::integer AS from_id,
       16 + floor(5 * hotseat.draw('to' || :seed, n))::integer AS to_id
FROM generate_series(1, 12) AS n
ORDER BY n
