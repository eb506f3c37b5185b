CREATE INDEX ON orders (merchant_id);
CREATE INDEX ON orders (fulfilled_by);
CREATE INDEX ON orders (status);
CREATE INDEX ON orders (placed_at, id);
CREATE INDEX ON orders (customer_id);
CREATE INDEX refund_order ON refund (order_id);
