-- Two people, one after the other, page through all payments; between any two pages somebody pays. When the
-- first begins there are 24 payments, which its limit divides.
WITH turns AS (
  SELECT reader, turn, step
  FROM generate_series(1, 2) AS reader
  CROSS JOIN generate_series(0, 14) AS turn
  CROSS JOIN generate_series(1, 2) AS step
)
SELECT reader AS talk, turn, CASE step WHEN 1 THEN 'GET' ELSE 'POST' END AS method,
       CASE WHEN step = 2 THEN '/v1/payments'
            WHEN turn = 0 THEN '/v1/payments?limit=' || (2 + reader)
            ELSE '/v1/payments?limit=' || (2 + reader) || '&cursor={next}' END AS path,
       CASE step WHEN 2 THEN jsonb_build_object('content-type', 'application/json',
            'idempotency-key', 'b-' || :seed || '-' || reader || '-' || turn)::text END AS headers,
       CASE step WHEN 2 THEN jsonb_build_object('amount', 100 + turn, 'currency', 'EUR', 'card', 'card_browse',
            'reference', 'browse-' || :seed || '-' || reader || '-' || turn)::text END AS body,
       1 + (turn + step) % 2 AS instance,
       CASE step WHEN 1 THEN '{"next": "/next"}' END AS keep,
       CASE WHEN step = 1 AND turn = 14 THEN 'next' END AS repeat_while
FROM turns
ORDER BY reader, turn, step
