-- Something happens to each of these payments while it is made.
WITH accidents (kind, what, fault, gateway, how_many) AS (
  VALUES
    (1, 'killed before the gateway is asked', 'killed-before-the-charge', NULL, 3),
    (2, 'killed after the gateway has charged', 'killed-after-the-charge', NULL, 3),
    (3, 'killed before its answer leaves', 'killed-before-its-answer', NULL, 3),
    (4, 'the gateway charges, and its answer is lost', NULL, 'charge-cut', 4),
    (5, 'the call is lost on its way to the gateway', NULL, 'cut', 2),
    (6, 'its answer is lost on the way to the customer', 'answer-lost', NULL, 3),
    (7, 'the database starts again while it is made', 'database-starts-again', NULL, 3),
    (8, 'the database starts again after the charge', 'database-lost-after-the-charge', NULL, 3)
),
payments AS (
  SELECT row_number() OVER (ORDER BY kind, n) AS id, what, fault, gateway
  FROM accidents CROSS JOIN LATERAL generate_series(1, how_many) AS n
)
SELECT id AS accident, what, 'POST' AS method, '/v1/payments' AS path,
       jsonb_build_object('content-type', 'application/json', 'idempotency-key', 'accident-' || :seed || '-' || id)::text AS headers,
       jsonb_build_object('amount', 300 + id, 'currency', 'USD', 'card', 'card_accident', 'reference', 'accident-' || :seed || '-' || id)::text AS body,
       1 + id % 2 AS instance, fault, gateway,
       'accident-' || :seed || '-' || id AS key, 'accident-' || :seed || '-' || id AS reference, 300 + id AS amount
FROM payments
ORDER BY id
