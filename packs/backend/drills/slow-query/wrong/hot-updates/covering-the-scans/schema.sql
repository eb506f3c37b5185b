-- Every column of the table, so that no page has to visit it.
CREATE INDEX orders_sold_by ON orders (merchant_id, status, placed_at, id) INCLUDE (fulfilled_by, customer_id, scanned_at);
CREATE INDEX orders_shipped_by ON orders (fulfilled_by, status, placed_at, id) INCLUDE (merchant_id, customer_id, scanned_at) WHERE fulfilled_by IS NOT NULL;
CREATE INDEX refund_order ON refund (order_id);
