-- Six visitors take turns at the instances; at the third one the instance is killed when Redis has counted.
SELECT n AS talk, 'GET' AS method, '/' AS path, CASE n WHEN 3 THEN 'killed-after-counting' END AS fault,
       CASE WHEN n <> 3 THEN n END AS expect
FROM generate_series(1, 6) AS n
