-- The gateway is well again. New customers and those of the trouble come at a pace of their own, however the service
-- fares, and each sends the payment again until it is made.
WITH payments AS (
  SELECT 'recovery-' || :seed || '-' || n AS reference, 100 + n AS amount, 'card_well' AS card FROM generate_series(1, 6) AS n
  UNION ALL
  SELECT 'hang-' || :seed || '-' || n, 100 + n, 'card_hang' FROM generate_series(1, 28) AS n
  UNION ALL
  SELECT 'outage-' || :seed || '-' || n, 100 + n, 'card_outage' FROM generate_series(1, 200, 20) AS n
)
SELECT row_number() OVER () AS talk, 'POST' AS method, '/v1/payments' AS path,
       jsonb_build_object('content-type', 'application/json', 'idempotency-key', reference)::text AS headers,
       jsonb_build_object('amount', amount, 'currency', 'EUR', 'card', card, 'reference', reference)::text AS body,
       'ok' AS gateway,
       '409 425 500 502 503 504 unknown' AS again_on,
       reference, amount
FROM payments
