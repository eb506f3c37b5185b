-- A sale that begins after the long one has drawn its number, and is over before it.
SELECT count(*) FROM merchant;
INSERT INTO orders (merchant_id, customer_id, placed_at, channel, status, total_cents)
VALUES (:merchant, 7, CAST(:sold_at AS text)::timestamptz, 'web', 'paid', :cents);
