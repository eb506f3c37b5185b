CREATE INDEX orders_placed_at ON orders USING brin (placed_at, merchant_id, fulfilled_by, status);
CREATE INDEX refund_order ON refund (order_id);
