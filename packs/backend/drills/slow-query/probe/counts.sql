SELECT 'merchant' AS of_table, count(*) AS rows FROM merchant
UNION ALL SELECT 'customer',   count(*) FROM customer
UNION ALL SELECT 'orders',     count(*) FROM orders
UNION ALL SELECT 'order_item', count(*) FROM order_item
UNION ALL SELECT 'refund',     count(*) FROM refund;
