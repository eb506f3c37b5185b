-- The gateway is down: it answers 503 to everything. 200 customers pay, four at a time, and do not try again.
SELECT n AS talk, 'POST' AS method, '/v1/payments' AS path,
       jsonb_build_object('content-type', 'application/json', 'idempotency-key', 'outage-' || :seed || '-' || n)::text AS headers,
       jsonb_build_object('amount', 100 + n, 'currency', 'EUR', 'card', 'card_outage', 'reference', 'outage-' || :seed || '-' || n)::text AS body,
       '503*' AS gateway,
       'outage-' || :seed || '-' || n AS reference, 100 + n AS amount
FROM generate_series(1, 200) AS n
