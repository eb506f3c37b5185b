-- Whatever the twins were told, the same key leads to the one result now.
SELECT key_no AS talk, 'POST' AS method, '/v1/payments' AS path,
       jsonb_build_object('content-type', 'application/json', 'idempotency-key', 'twins-' || :seed || '-' || key_no)::text AS headers,
       jsonb_build_object('amount', 1000 * key_no + 7, 'currency', 'GBP', 'card', 'card_twins', 'reference', 'twins-' || :seed || '-' || key_no)::text AS body,
       '409 425 503' AS again_on,
       'twins-' || :seed || '-' || key_no AS key, 'twins-' || :seed || '-' || key_no AS reference, 1000 * key_no + 7 AS amount
FROM generate_series(1, 4) AS key_no
