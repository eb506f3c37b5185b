CREATE INDEX orders_sold_by ON orders (merchant_id, placed_at, id);
CREATE INDEX orders_shipped_by ON orders (fulfilled_by, placed_at, id);
CREATE INDEX refund_order ON refund (order_id);
