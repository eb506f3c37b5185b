-- Two payments that the gateway never takes, one at each instance, while all others succeed.
SELECT n AS talk, 'POST' AS method, '/v1/payments' AS path,
       jsonb_build_object('content-type', 'application/json', 'idempotency-key', 'unlucky-' || :seed || '-' || n)::text AS headers,
       jsonb_build_object('amount', 100 + n, 'currency', 'EUR', 'card', 'card_unlucky', 'reference', 'unlucky-' || :seed || '-' || n)::text AS body,
       n AS instance, '500*' AS gateway,
       'unlucky-' || :seed || '-' || n AS reference, 100 + n AS amount
FROM generate_series(1, 2) AS n
