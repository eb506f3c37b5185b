-- A sale that is long in coming to its end: the payment provider is asked in between.
BEGIN;
INSERT INTO orders (merchant_id, customer_id, placed_at, channel, status, total_cents)
VALUES (:merchant, 7, CAST(:sold_at AS text)::timestamptz, 'web', 'paid', :cents);
SELECT count(*) FROM merchant;
SELECT count(*) FROM merchant;
SELECT count(*) FROM merchant;
SELECT count(*) FROM merchant;
SELECT count(*) FROM merchant;
COMMIT;
