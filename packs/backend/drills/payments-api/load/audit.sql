-- Somebody reads all of the books, page by page.
SELECT step AS step, 'GET' AS method, CASE step WHEN 1 THEN '/v1/payments?limit=100' ELSE '/v1/payments?limit=100&cursor={next}' END AS path,
       1 AS talk, 1 AS instance, '{"next": "/next"}' AS keep, CASE step WHEN 2 THEN 'next' END AS repeat_while
FROM generate_series(1, 2) AS step
ORDER BY step
