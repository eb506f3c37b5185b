-- One tick of the shop: each kind of write that the brief names, on merchants and days that the looks show.
-- This service sits in Tokyo; a day of the dashboard is a day in UTC all the same.
SET TimeZone = 'Asia/Tokyo';

-- Each of the ten merchants sells something through each channel, and without one.
INSERT INTO orders (merchant_id, customer_id, placed_at, channel, status, total_cents)
SELECT
    m.merchant,
    1 + floor(20000 * hotseat.draw('tick customer' || :seed, 100 * m.merchant + n))::integer,
    timestamptz '2026-03-31 05:00:00+00' + make_interval(days => :tick, hours => 4 * n),
    (ARRAY['web', 'app', 'store'])[n],
    'paid',
    1000 + floor(9000 * hotseat.draw('tick cents' || :seed || '/' || :tick, 100 * m.merchant + n))::bigint
FROM hotseat.looks(:seed) AS m, generate_series(1, 4) AS n;

-- Cancelled, reinstated, shipped.
UPDATE orders SET status = 'cancelled', updated_at = now()
WHERE id IN (
    SELECT o.id FROM orders AS o
    WHERE o.merchant_id IN (SELECT merchant FROM hotseat.looks(:seed))
      AND o.placed_at >= timestamptz '2026-03-18 00:00:00+00' AND o.status <> 'cancelled'
    ORDER BY hotseat.draw('cancelled' || :seed || '/' || :tick, o.id) LIMIT 15
);
UPDATE orders SET status = 'paid', updated_at = now()
WHERE id IN (
    SELECT o.id FROM orders AS o
    WHERE o.merchant_id IN (SELECT merchant FROM hotseat.looks(:seed))
      AND o.placed_at >= timestamptz '2026-03-18 00:00:00+00' AND o.status = 'cancelled'
    ORDER BY hotseat.draw('reinstated' || :seed || '/' || :tick, o.id) LIMIT 8
);
UPDATE orders SET status = 'shipped', updated_at = now()
WHERE id IN (
    SELECT o.id FROM orders AS o
    WHERE o.id > 156000 AND o.status = 'paid'
    ORDER BY hotseat.draw('shipped' || :seed || '/' || :tick, o.id) LIMIT 30
);

-- Another total, another day.
UPDATE orders SET total_cents = total_cents + 111, updated_at = now()
WHERE id IN (
    SELECT o.id FROM orders AS o
    WHERE o.merchant_id IN (SELECT merchant FROM hotseat.looks(:seed))
      AND o.placed_at >= timestamptz '2026-03-18 00:00:00+00' AND o.status <> 'cancelled'
    ORDER BY hotseat.draw('total' || :seed || '/' || :tick, o.id) LIMIT 8
);
UPDATE orders SET placed_at = placed_at - interval '1 day', updated_at = now()
WHERE id IN (
    SELECT o.id FROM orders AS o
    WHERE o.merchant_id IN (SELECT merchant FROM hotseat.looks(:seed))
      AND o.placed_at >= timestamptz '2026-03-19 00:00:00+00' AND o.status <> 'cancelled'
    ORDER BY hotseat.draw('moved' || :seed || '/' || :tick, o.id) LIMIT 8
);

-- Refunds: new ones, also of cancelled orders; another amount; another day; taken back.
INSERT INTO refund (order_id, refunded_at, amount_cents)
SELECT o.id, timestamptz '2026-03-31 06:30:00+00' + make_interval(days => :tick), 1 + o.total_cents / 2
FROM orders AS o
WHERE o.merchant_id IN (SELECT merchant FROM hotseat.looks(:seed))
  AND o.placed_at >= timestamptz '2026-03-18 00:00:00+00'
ORDER BY hotseat.draw('refunded' || :seed || '/' || :tick, o.id) LIMIT 15;
UPDATE refund SET amount_cents = amount_cents + 7, updated_at = now()
WHERE id IN (
    SELECT r.id FROM refund AS r JOIN orders AS o ON o.id = r.order_id
    WHERE o.merchant_id IN (SELECT merchant FROM hotseat.looks(:seed))
      AND r.refunded_at >= timestamptz '2026-03-19 00:00:00+00'
    ORDER BY hotseat.draw('amount' || :seed || '/' || :tick, r.id) LIMIT 8
);
UPDATE refund SET refunded_at = refunded_at - interval '1 day', updated_at = now()
WHERE id IN (
    SELECT r.id FROM refund AS r JOIN orders AS o ON o.id = r.order_id
    WHERE o.merchant_id IN (SELECT merchant FROM hotseat.looks(:seed))
      AND r.refunded_at >= timestamptz '2026-03-19 00:00:00+00'
    ORDER BY hotseat.draw('moved back' || :seed || '/' || :tick, r.id) LIMIT 5
);
DELETE FROM refund
WHERE id IN (
    SELECT r.id FROM refund AS r JOIN orders AS o ON o.id = r.order_id
    WHERE o.merchant_id IN (SELECT merchant FROM hotseat.looks(:seed))
      AND r.refunded_at >= timestamptz '2026-03-19 00:00:00+00'
    ORDER BY hotseat.draw('taken back' || :seed || '/' || :tick, r.id) LIMIT 6
);

-- Test orders are deleted.
DELETE FROM orders
WHERE id IN (
    SELECT o.id FROM orders AS o
    WHERE o.merchant_id IN (SELECT merchant FROM hotseat.looks(:seed))
      AND o.placed_at >= timestamptz '2026-03-18 00:00:00+00'
      AND NOT EXISTS (SELECT FROM refund AS r WHERE r.order_id = o.id)
    ORDER BY hotseat.draw('deleted' || :seed || '/' || :tick, o.id) LIMIT 8
);

-- The only order of a merchant's day comes in the first tick and is cancelled in the second: its row must vanish again.
INSERT INTO orders (merchant_id, customer_id, placed_at, channel, status, total_cents)
SELECT id, 7, timestamptz '2026-04-05 12:00:00+00', 'store', 'paid', 4242
FROM merchant WHERE id = 1 AND :tick = 1;
UPDATE orders SET status = 'cancelled', updated_at = now()
WHERE merchant_id = 1 AND placed_at = timestamptz '2026-04-05 12:00:00+00' AND :tick = 2;
