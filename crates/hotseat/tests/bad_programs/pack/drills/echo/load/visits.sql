-- Six customers, three at each instance.
SELECT n AS talk, 'GET' AS method, '/hello' AS path, 1 + n % 2 AS instance, 'hello' AS expect
FROM generate_series(1, 6) AS n
