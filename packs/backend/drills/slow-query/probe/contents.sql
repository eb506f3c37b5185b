-- How many rows there are, and a number that changes when any of them does.
SELECT 'merchant' AS of_table, count(*) AS rows, bit_xor(hash_record_extended(t, 0))::text AS mark FROM merchant t
UNION ALL SELECT 'customer',   count(*), bit_xor(hash_record_extended(t, 0))::text FROM customer t
UNION ALL SELECT 'orders',     count(*), bit_xor(hash_record_extended(t, 0))::text FROM orders t
UNION ALL SELECT 'order_item', count(*), bit_xor(hash_record_extended(t, 0))::text FROM order_item t
UNION ALL SELECT 'refund',     count(*), bit_xor(hash_record_extended(t, 0))::text FROM refund t;
