-- The shop goes on: what the pages show must follow. Every change depends on the run's seed.
BEGIN;

-- Orders move on, change shipper, get their time corrected.
UPDATE orders
SET status = CASE WHEN hotseat.draw('changes' || :seed, id) < 0.04
                  THEN (ARRAY['pending', 'paid', 'sent', 'returned', 'cancelled'])[1 + floor(5 * hotseat.draw('becomes' || :seed, id))::integer]
                  ELSE status END,
    fulfilled_by = CASE WHEN hotseat.draw('changes' || :seed, id) < 0.04 THEN fulfilled_by
                        WHEN fulfilled_by IS NULL THEN 1001 + floor(400 * hotseat.draw('shipper' || :seed, id))::integer END,
    placed_at = CASE WHEN hotseat.draw('changes' || :seed, id) < 0.05 THEN placed_at
                     ELSE placed_at - interval '1 hour' END
WHERE hotseat.draw('changes' || :seed, id) < 0.06;

-- New orders with the merchant and the time stamp of an old one, and its items a little dearer.
WITH again AS (
    INSERT INTO orders (id, merchant_id, fulfilled_by, customer_id, status, placed_at, scanned_at, scans)
    SELECT id + 500000, merchant_id, fulfilled_by, customer_id, status, placed_at, scanned_at, 0
    FROM orders
    WHERE id <= 1120000 AND hotseat.draw('again' || :seed, id) < 0.02
    RETURNING id
)
INSERT INTO order_item (order_id, line, quantity, product_id, price_cents)
SELECT again.id, line, quantity, product_id, price_cents + 50
FROM again
JOIN order_item ON order_id = again.id - 500000;

-- Items and refunds change, come and go.
UPDATE order_item
SET quantity = quantity + 1
WHERE hotseat.draw('more' || :seed, order_id + line) < 0.03;

DELETE FROM refund WHERE hotseat.draw('mistaken' || :seed, id) < 0.10;

INSERT INTO refund (id, order_id, amount_cents, refunded_at)
SELECT 8000000 + id, id, 100, timestamptz '2026-01-15 12:00Z'
FROM orders
WHERE hotseat.draw('refunded' || :seed, id) < 0.02;

-- A few orders go altogether, and some customers want to be forgotten.
CREATE TEMPORARY TABLE gone ON COMMIT DROP AS
SELECT id FROM orders WHERE id <= 1120000 AND hotseat.draw('gone' || :seed, id) < 0.002;

DELETE FROM refund WHERE order_id IN (SELECT id FROM gone);
DELETE FROM order_item WHERE order_id IN (SELECT id FROM gone);
DELETE FROM orders WHERE id IN (SELECT id FROM gone);

UPDATE customer SET name = NULL, email = NULL WHERE hotseat.draw('forgotten' || :seed, id) < 0.03;

COMMIT;
