-- A customer pays, and sends the same payment again: word for word on the other instance, then with its JSON
-- in another order, then with another amount. Two others send no key, or one that is none.
WITH customers AS (
  SELECT n, 'replay-' || :seed || '-' || n AS reference, 1 + floor(hotseat.draw('replay' || :seed, n) * 999999)::int AS amount,
         CASE WHEN n = 5 THEN 'card_declined' ELSE 'card_' || substr(md5('replay' || :seed || n), 1, 10) END AS card
  FROM generate_series(1, 8) AS n
),
steps AS (
  SELECT n, step, what, instance, amount, reference, card, expect,
         CASE step
           WHEN 3 THEN '{ "reference" : ' || to_json(reference) || ',' || chr(10) || '  "card" : ' || to_json(card)
             || ', "currency" : "EUR", "amount" : ' || amount || ' }'
           WHEN 4 THEN jsonb_build_object('amount', amount + 1, 'currency', 'EUR', 'card', card, 'reference', reference)::text
           ELSE jsonb_build_object('amount', amount, 'currency', 'EUR', 'card', card, 'reference', reference)::text
         END AS body,
         'replay-' || :seed || '-' || n AS key
  FROM customers CROSS JOIN LATERAL (VALUES
    (1, 'pays', 1 + n % 2, CASE WHEN n = 5 THEN 402 ELSE 201 END),
    (2, 'sends it again on the other instance', 2 - n % 2, CASE WHEN n = 5 THEN 402 ELSE 201 END),
    (3, 'sends it again with its members in another order', 1 + n % 2, CASE WHEN n = 5 THEN 402 ELSE 201 END),
    (4, 'sends another amount under the same key', 2 - n % 2, 422),
    (5, 'sends it again after that', 1 + n % 2, CASE WHEN n = 5 THEN 402 ELSE 201 END)
  ) AS steps (step, what, instance, expect)
  UNION ALL
  SELECT 100 + row_number() OVER (), 1, what, 1, 500, 'keyless-' || :seed || '-' || row_number() OVER (), 'card_nokey', 400,
         jsonb_build_object('amount', 500, 'currency', 'EUR', 'card', 'card_nokey', 'reference', 'keyless-' || :seed || '-' || row_number() OVER ())::text, key
  FROM (VALUES ('sends no key', NULL), ('sends an empty key', ''), ('sends a key of 65 characters', repeat('k', 65)),
               ('sends a key with a space', 'two words'), ('sends a key with a slash', 'a/b')) AS keyless (what, key)
)
SELECT n AS talk, step, what, 'POST' AS method, '/v1/payments' AS path,
       (jsonb_build_object('content-type', 'application/json')
        || CASE WHEN key IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('idempotency-key', key) END)::text AS headers,
       body, instance, key, reference, amount, card, expect
FROM steps
ORDER BY n, step
