-- 160 rows, which is one in a thousand: sales and refunds of today, cancellations of the last two days.
INSERT INTO orders (merchant_id, customer_id, placed_at, channel, status, total_cents)
SELECT
    1 + floor(20 * power(hotseat.draw('small merchant' || :seed, n), 2.2))::integer,
    1 + floor(20000 * hotseat.draw('small customer' || :seed, n))::integer,
    timestamptz '2026-04-04 00:00:00+00' + n * interval '15 minutes',
    (ARRAY['web', 'app', 'store'])[1 + n % 4],
    'paid',
    900 + n
FROM generate_series(1, 80) AS n;
UPDATE orders SET status = CASE status WHEN 'cancelled' THEN 'paid' ELSE 'cancelled' END, updated_at = now()
WHERE id IN (
    SELECT id FROM orders WHERE id BETWEEN 158501 AND 160000
    ORDER BY hotseat.draw('small cancelled' || :seed, id) LIMIT 50
);
INSERT INTO refund (order_id, refunded_at, amount_cents)
SELECT id, timestamptz '2026-04-04 12:00:00+00', 100
FROM orders WHERE id BETWEEN 145001 AND 153000
ORDER BY hotseat.draw('small refund' || :seed, id) LIMIT 30;
