-- Calm weather: three in a hundred calls fail once. One card in ten is declined, and once twenty in a row.
WITH payments AS (
  SELECT n, 'calm-' || :seed || '-' || n AS reference,
         CASE WHEN n % 10 = 3 OR n BETWEEN 41 AND 60 THEN 'card_declined' ELSE 'card_calm' END AS card
  FROM generate_series(1, 120) AS n
)
SELECT n AS talk, 'POST' AS method, '/v1/payments' AS path,
       jsonb_build_object('content-type', 'application/json', 'idempotency-key', reference)::text AS headers,
       jsonb_build_object('amount', 100 + n, 'currency', 'EUR', 'card', card, 'reference', reference)::text AS body,
       CASE WHEN n % 33 = 5 THEN '500' END AS gateway,
       CASE WHEN card = 'card_declined' THEN 402 ELSE 201 END AS expect,
       reference, 100 + n AS amount
FROM payments
