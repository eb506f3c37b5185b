-- The gateway hangs. 28 customers pay at the same time; once eight calls of an instance hang, others only want to
-- look there. They are few, so that a busy machine can answer them long before the payments give up.
SELECT n AS talk, CASE WHEN n <= 28 THEN 'POST' ELSE 'GET' END AS method,
       CASE WHEN n <= 28 THEN '/v1/payments' ELSE '/v1/payments?limit=5' END AS path,
       CASE WHEN n <= 28 THEN jsonb_build_object('content-type', 'application/json', 'idempotency-key', 'hang-' || :seed || '-' || n)::text END AS headers,
       CASE WHEN n <= 28 THEN jsonb_build_object('amount', 100 + n, 'currency', 'EUR', 'card', 'card_hang', 'reference', 'hang-' || :seed || '-' || n)::text END AS body,
       1 + n % 2 AS instance,
       CASE WHEN n > 28 THEN 8 END AS once_hanging,
       CASE WHEN n <= 14 THEN 'hang*' WHEN n <= 28 THEN 'charge-hang hang*' END AS gateway,
       CASE WHEN n <= 28 THEN 'hang-' || :seed || '-' || n END AS reference,
       CASE WHEN n <= 28 THEN 100 + n END AS amount
FROM generate_series(1, 36) AS n
