-- One thing is wrong with each of these requests, and with nothing else of it.
WITH good AS (
  SELECT jsonb_build_object('amount', 1250, 'currency', 'EUR', 'card', 'card_ab12cd', 'reference', 'refusal-' || :seed) AS body,
         jsonb_build_object('content-type', 'application/json', 'idempotency-key', 'r-' || :seed) AS headers
),
cases (what, method, path, headers, body, expect) AS (
  SELECT what, 'POST', '/v1/payments', headers, changed::text, 422
  FROM good CROSS JOIN LATERAL (VALUES
    ('the amount is missing', body - 'amount'),
    ('the currency is missing', body - 'currency'),
    ('the card is missing', body - 'card'),
    ('the reference is missing', body - 'reference'),
    ('the amount is a string', body || '{"amount": "1250"}'),
    ('the amount is null', body || '{"amount": null}'),
    ('the amount is true', body || '{"amount": true}'),
    ('the amount has a fraction', body || '{"amount": 12.5}'),
    ('the amount is 0', body || '{"amount": 0}'),
    ('the amount is negative', body || '{"amount": -1250}'),
    ('the amount is above 1000000', body || '{"amount": 1000001}'),
    ('the amount is beyond 64 bits', body || '{"amount": 98765432109876543210}'),
    ('the amount is an object', body || '{"amount": {"value": 1250}}'),
    ('the currency is unknown', body || '{"currency": "XTS"}'),
    ('the currency is in lower case', body || '{"currency": "eur"}'),
    ('the currency is a number', body || '{"currency": 978}'),
    ('the card has another form', body || '{"card": "4111111111111111"}'),
    ('the card is too short', body || '{"card": "card_abc"}'),
    ('the card has capitals', body || '{"card": "card_ABCD"}'),
    ('the card ends with a line break', body || '{"card": "card_abcd\n"}'),
    ('the reference is empty', body || '{"reference": ""}'),
    ('the reference has 65 characters', body || jsonb_build_object('reference', repeat('x', 65))),
    ('the reference has 20000 characters', body || jsonb_build_object('reference', repeat('y', 20000))),
    ('the reference is a list', body || '{"reference": ["a"]}'),
    ('there is an unknown member', body || '{"status": "captured"}')
  ) AS mutations (what, changed)
  UNION ALL
  SELECT what, 'POST', '/v1/payments', headers, changed, expect
  FROM good CROSS JOIN LATERAL (VALUES
    ('the body is a list', '[' || body::text || ']', 422),
    ('the body is a string', '"pay"', 422),
    ('the body is null', 'null', 422),
    ('the body is empty', '', 400),
    ('the JSON breaks off', left(body::text, 20), 400),
    ('the JSON has a comma too many', left(body::text, -1) || ',}', 400),
    ('the body is a form', 'amount=1250&currency=EUR', 400),
    ('the body has more than 64 KiB', repeat(' ', 70000) || body::text, 413)
  ) AS broken (what, changed, expect)
  UNION ALL
  SELECT 'the content type is text/plain', 'POST', '/v1/payments', headers || '{"content-type": "text/plain"}', body::text, 415 FROM good
  UNION ALL
  SELECT 'there is no content type', 'POST', '/v1/payments', headers - 'content-type', body::text, 415 FROM good
  UNION ALL
  SELECT what, method, path, NULL::jsonb, NULL, expect FROM (VALUES
    ('a payment that is not there', 'GET', '/v1/payments/00000000-0000-4000-8000-000000000000', 404),
    ('an id of another form', 'GET', '/v1/payments/no-such-payment', 404),
    ('an id with a quote', 'GET', '/v1/payments/%27%20OR%201=1', 404),
    ('another path', 'GET', '/v1/refunds', 404),
    ('another version', 'GET', '/v9/payments', 404),
    ('a limit of 0', 'GET', '/v1/payments?limit=0', 400),
    ('a limit of 101', 'GET', '/v1/payments?limit=101', 400),
    ('a limit that is no number', 'GET', '/v1/payments?limit=ten', 400),
    ('a negative limit', 'GET', '/v1/payments?limit=-1', 400),
    ('a cursor that nobody gave', 'GET', '/v1/payments?cursor=%22%3Bnonsense', 400),
    ('DELETE on all payments', 'DELETE', '/v1/payments', 405),
    ('PUT on all payments', 'PUT', '/v1/payments', 405),
    ('PATCH on one payment', 'PATCH', '/v1/payments/00000000-0000-4000-8000-000000000000', 405),
    ('POST on one payment', 'POST', '/v1/payments/00000000-0000-4000-8000-000000000000', 405)
  ) AS others (what, method, path, expect)
)
SELECT what, method, path, headers::text AS headers, body, expect FROM cases
