-- Fifty requests with one key at the same moment, on both instances; four keys, one after the other.
SELECT key_no AS twins, 'POST' AS method, '/v1/payments' AS path,
       jsonb_build_object('content-type', 'application/json', 'idempotency-key', 'twins-' || :seed || '-' || key_no)::text AS headers,
       jsonb_build_object('amount', 1000 * key_no + 7, 'currency', 'GBP', 'card', 'card_twins', 'reference', 'twins-' || :seed || '-' || key_no)::text AS body,
       1 + twin % 2 AS instance,
       'twins-' || :seed || '-' || key_no AS key, 'twins-' || :seed || '-' || key_no AS reference, 1000 * key_no + 7 AS amount
FROM generate_series(1, 4) AS key_no CROSS JOIN generate_series(1, 50) AS twin
ORDER BY key_no, twin
