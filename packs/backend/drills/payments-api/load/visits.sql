-- Customers who pay, look at their payment at the place that they were told, and look again at the other
-- instance.
WITH customers AS (
  SELECT n, 'visit-' || :seed || '-' || n AS reference,
         1 + floor(hotseat.draw('amount' || :seed, n) * 1000000)::int AS amount,
         (ARRAY['EUR', 'GBP', 'USD'])[1 + floor(hotseat.draw('currency' || :seed, n) * 3)::int] AS currency,
         CASE WHEN n % 8 = 0 THEN 'card_declined' ELSE 'card_' || substr(md5(:seed || '-' || n), 1, 12) END AS card
  FROM generate_series(1, 24) AS n
)
SELECT n AS talk, step, what, method, path, headers, body, instance, keep, expect,
       reference, amount, currency, card
FROM customers
CROSS JOIN LATERAL (VALUES
  (1, 'pays', 'POST', '/v1/payments',
   jsonb_build_object('content-type', 'application/json', 'idempotency-key', 'k-' || reference)::text,
   jsonb_build_object('amount', amount, 'currency', currency, 'card', card, 'reference', reference)::text,
   1 + n % 2, '{"id": "/id", "location": "header location", "declined": "/payment"}',
   CASE WHEN card = 'card_declined' THEN 402 ELSE 201 END),
  (2, 'looks where it was told', 'GET', CASE WHEN card = 'card_declined' THEN '/v1/payments/{declined}' ELSE '{location}' END,
   NULL, NULL, 1 + n % 2, NULL, 200),
  (3, 'looks at the other instance', 'GET', CASE WHEN card = 'card_declined' THEN '/v1/payments/{declined}' ELSE '/v1/payments/{id}' END,
   NULL, NULL, 2 - n % 2, NULL, 200)
) AS steps (step, what, method, path, headers, body, instance, keep, expect)
ORDER BY n, step
