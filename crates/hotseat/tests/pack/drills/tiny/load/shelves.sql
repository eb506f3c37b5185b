SELECT 1 + floor(20 * hotseat.draw('shelf' || :seed, n))::integer AS shelf FROM generate_series(1, 2) AS n ORDER BY n
