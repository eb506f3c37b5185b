CREATE INDEX orders_by_time ON orders (placed_at, id, status, merchant_id, fulfilled_by);
CREATE INDEX refund_order ON refund (order_id);
