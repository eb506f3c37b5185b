-- Every table that the page reads, once more as an index.
CREATE INDEX orders_sold_by ON orders (merchant_id, status, placed_at, id) INCLUDE (fulfilled_by, customer_id);
CREATE INDEX orders_shipped_by ON orders (fulfilled_by, status, placed_at, id) INCLUDE (merchant_id, customer_id);
CREATE INDEX order_item_all ON order_item (order_id, line) INCLUDE (quantity, price_cents);
CREATE INDEX refund_order ON refund (order_id) INCLUDE (amount_cents);
