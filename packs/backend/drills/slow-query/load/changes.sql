-- The shop goes on: what the pages show must follow. Every change depends on the run's seed.
BEGIN;

-- Orders move on, change shipper, change time.
UPDATE orders
SET status = (ARRAY['pending', 'paid', 'sent', 'returned', 'cancelled'])[1 + floor(5 * hotseat.draw('becomes' || :seed, id))::integer]
WHERE hotseat.draw('changes' || :seed, id) < 0.04;

UPDATE orders
SET fulfilled_by = CASE WHEN fulfilled_by IS NULL THEN 1001 + floor(400 * hotseat.draw('shipper' || :seed, id))::integer END
WHERE hotseat.draw('ships' || :seed, id) < 0.02;

UPDATE orders
SET placed_at = placed_at - interval '1 hour'
WHERE hotseat.draw('corrected' || :seed, id) < 0.01;

-- New orders, many with the time stamp of an old one of the same merchant.
INSERT INTO orders (id, merchant_id, fulfilled_by, customer_id, status, placed_at, scanned_at, scans)
SELECT id + 500000, merchant_id, fulfilled_by, customer_id, status, placed_at, scanned_at, 0
FROM orders
WHERE id <= 1120000 AND hotseat.draw('again' || :seed, id) < 0.03;

INSERT INTO order_item (order_id, line, quantity, product_id, price_cents)
SELECT order_id + 500000, line, quantity, product_id, price_cents + 50
FROM order_item
WHERE order_id <= 1120000 AND hotseat.draw('again' || :seed, order_id) < 0.03;

-- Items and refunds change, come and go.
UPDATE order_item SET quantity = quantity + 1 WHERE hotseat.draw('more' || :seed, order_id * 4 + line) < 0.04;
DELETE FROM order_item WHERE hotseat.draw('returned' || :seed, order_id * 4 + line) < 0.02;
DELETE FROM refund WHERE hotseat.draw('mistaken' || :seed, id) < 0.10;
INSERT INTO refund (id, order_id, amount_cents, refunded_at)
SELECT 8000000 + id, id, 100, timestamptz '2026-01-15 12:00Z'
FROM orders
WHERE hotseat.draw('refunded' || :seed, id) < 0.03;

-- A few orders go altogether, and some customers want to be forgotten.
CREATE TEMPORARY TABLE gone ON COMMIT DROP AS
SELECT id FROM orders WHERE id <= 1120000 AND hotseat.draw('gone' || :seed, id) < 0.003;
DELETE FROM refund WHERE order_id IN (SELECT id FROM gone);
DELETE FROM order_item WHERE order_id IN (SELECT id FROM gone);
DELETE FROM orders WHERE id IN (SELECT id FROM gone);
UPDATE customer SET name = NULL, email = NULL WHERE hotseat.draw('forgotten' || :seed, id) < 0.03;

COMMIT;
