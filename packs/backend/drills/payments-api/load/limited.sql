-- The gateway asks an instance to wait for a second; the next customers come at once, and the last one waits until
-- he is served.
SELECT n AS talk, 'POST' AS method, '/v1/payments' AS path,
       jsonb_build_object('content-type', 'application/json', 'idempotency-key', 'limited-' || :seed || '-' || n)::text AS headers,
       jsonb_build_object('amount', 100 + n, 'currency', 'EUR', 'card', 'card_limited', 'reference', 'limited-' || :seed || '-' || n)::text AS body,
       1 AS instance,
       CASE WHEN n IN (1, 6) THEN '429:1' END AS gateway,
       CASE WHEN n = 10 THEN '503' END AS again_on,
       'limited-' || :seed || '-' || n AS reference, 100 + n AS amount
FROM generate_series(1, 10) AS n
