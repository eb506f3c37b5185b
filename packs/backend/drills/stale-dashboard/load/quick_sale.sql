-- A sale that is over at once.
INSERT INTO orders (merchant_id, customer_id, placed_at, channel, status, total_cents)
VALUES (:merchant, 7, CAST(:sold_at AS text)::timestamptz, 'web', 'paid', :cents);
