-- The gateway hangs. Forty customers pay at the same time; once calls hang, others only want to look.
SELECT n AS talk, CASE WHEN n <= 40 THEN 'POST' ELSE 'GET' END AS method,
       CASE WHEN n <= 40 THEN '/v1/payments' WHEN n % 4 = 0 THEN '/healthz' ELSE '/v1/payments?limit=5' END AS path,
       CASE WHEN n <= 40 THEN jsonb_build_object('content-type', 'application/json', 'idempotency-key', 'hang-' || :seed || '-' || n)::text END AS headers,
       CASE WHEN n <= 40 THEN jsonb_build_object('amount', 100 + n, 'currency', 'EUR', 'card', 'card_hang', 'reference', 'hang-' || :seed || '-' || n)::text END AS body,
       1 + n % 2 AS instance,
       CASE WHEN n > 40 THEN 1 END AS once_hanging,
       CASE WHEN n <= 20 THEN 'hang*' WHEN n <= 40 THEN 'charge-hang hang*' END AS gateway,
       CASE WHEN n <= 40 THEN 'hang-' || :seed || '-' || n END AS reference,
       CASE WHEN n <= 40 THEN 100 + n END AS amount
FROM generate_series(1, 80) AS n
