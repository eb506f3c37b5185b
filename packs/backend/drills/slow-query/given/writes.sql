-- A thousand writes of an ordinary day, in the shop's own statements. To read, not to run.

-- 150 times: a new order …
INSERT INTO orders (id, merchant_id, fulfilled_by, customer_id, status, placed_at, scanned_at, scans)
VALUES ($1, $2, $3, $4, 'pending', now(), now(), 0);

-- … 250 times: one of its items
INSERT INTO order_item (order_id, line, quantity, product_id, price_cents) VALUES ($1, $2, $3, $4, $5);

-- 550 times: a carrier scans a parcel. By far the most frequent write.
UPDATE orders SET scanned_at = now(), scans = scans + 1 WHERE id = $1;

-- 30 times: an order moves on
UPDATE orders SET status = $2 WHERE id = $1;

-- 20 times: a refund
INSERT INTO refund (id, order_id, amount_cents, refunded_at) VALUES ($1, $2, $3, now());
