-- A fingerprint of what the shop has written: the same in every run with the same seed.
SELECT 'orders' AS shop_table, count(*) AS rows, sum(id)::bigint AS ids, sum(total_cents)::bigint AS cents,
       count(*) FILTER (WHERE status = 'cancelled') AS cancelled, count(channel) AS with_channel,
       sum(extract(epoch FROM placed_at)::bigint * merchant_id)::bigint AS days
FROM orders
UNION ALL
SELECT 'refund', count(*), sum(id)::bigint, sum(amount_cents)::bigint, 0, 0,
       sum(extract(epoch FROM refunded_at)::bigint * (order_id % 97))::bigint
FROM refund;
