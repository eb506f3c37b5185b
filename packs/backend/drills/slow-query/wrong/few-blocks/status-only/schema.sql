CREATE INDEX orders_status ON orders (status);
CREATE INDEX refund_order ON refund (order_id);
