-- Who had an accident sends the payment again, under the same key: on the other instance, and once more on the
-- first. Everything runs again by now, so `come again` is the only excuse. The gateway is well too: what it was to do
-- at a call that never reached it (the program ended first) must not meet the customer who comes back.
WITH accidents (kind, what, how_many) AS (
  VALUES (1, 'killed before the gateway is asked', 2), (2, 'killed after the gateway has charged', 2),
    (3, 'killed before its answer leaves', 2), (4, 'the gateway charges, and its answer is lost', 4),
    (5, 'the call is lost on its way to the gateway', 2), (6, 'its answer is lost on the way to the customer', 3),
    (7, 'the database starts again while it is made', 2), (8, 'the database starts again after the charge', 2),
    (9, 'told to stop once the gateway has charged', 1), (10, 'told to stop, and the gateway charges and says nothing', 1),
    (11, 'frozen before the gateway is asked', 1)
),
payments AS (
  SELECT row_number() OVER (ORDER BY kind, n) AS id, what
  FROM accidents CROSS JOIN LATERAL generate_series(1, how_many) AS n
)
SELECT id AS talk, id AS accident, step, what, 'POST' AS method, '/v1/payments' AS path,
       jsonb_build_object('content-type', 'application/json', 'idempotency-key', 'accident-' || :seed || '-' || id)::text AS headers,
       jsonb_build_object('amount', 300 + id, 'currency', 'USD', 'card', 'card_accident', 'reference', 'accident-' || :seed || '-' || id)::text AS body,
       CASE step WHEN 1 THEN 2 - id % 2 ELSE 1 + id % 2 END AS instance,
       '409 425 503' AS again_on, CASE step WHEN 1 THEN 'ok' END AS gateway,
       'accident-' || :seed || '-' || id AS reference,
       'accident-' || :seed || '-' || id AS key
FROM payments CROSS JOIN generate_series(1, 2) AS step
ORDER BY id, step
