-- Something happens to each of these payments while it is made. While an instance is frozen, its customer sends
-- the payment again, to the other one.
WITH accidents (kind, what, fault, gateway, how_many) AS (
  VALUES
    (1, 'killed before the gateway is asked', 'killed-before-the-charge', NULL, 2),
    (2, 'killed after the gateway has charged', 'killed-after-the-charge', NULL, 2),
    (3, 'killed before its answer leaves', 'killed-before-its-answer', NULL, 2),
    (4, 'the gateway charges, and its answer is lost', NULL, 'charge-cut', 4),
    (5, 'the call is lost on its way to the gateway', NULL, 'cut', 2),
    (6, 'its answer is lost on the way to the customer', 'answer-lost', NULL, 3),
    (7, 'the database starts again while it is made', 'database-starts-again', NULL, 2),
    (8, 'the database starts again after the charge', 'database-lost-after-the-charge', NULL, 2),
    (9, 'told to stop once the gateway has charged', 'told-to-stop-after-the-charge', NULL, 1),
    (10, 'told to stop, and the gateway charges and says nothing', 'told-to-stop-before-the-charge', 'charge-hang', 1),
    (11, 'frozen before the gateway is asked', 'frozen-before-the-charge', NULL, 1)
),
payments AS (
  SELECT row_number() OVER (ORDER BY kind, n) AS id, kind, what, fault, gateway
  FROM accidents CROSS JOIN LATERAL generate_series(1, how_many) AS n
)
SELECT id AS talk, id AS accident, step, what, 'POST' AS method, '/v1/payments' AS path,
       jsonb_build_object('content-type', 'application/json', 'idempotency-key', 'accident-' || :seed || '-' || id)::text AS headers,
       jsonb_build_object('amount', 300 + id, 'currency', 'USD', 'card', 'card_accident', 'reference', 'accident-' || :seed || '-' || id)::text AS body,
       CASE step WHEN 1 THEN 1 + id % 2 ELSE 2 - id % 2 END AS instance,
       CASE step WHEN 1 THEN fault END AS fault, CASE step WHEN 1 THEN gateway END AS gateway,
       CASE step WHEN 2 THEN '409 425 503' END AS again_on,
       'accident-' || :seed || '-' || id AS key, 'accident-' || :seed || '-' || id AS reference, 300 + id AS amount
FROM payments CROSS JOIN LATERAL generate_series(1, CASE WHEN kind = 11 THEN 2 ELSE 1 END) AS step
ORDER BY id, step
