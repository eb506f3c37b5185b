-- Status first or merchant first: both are compared with =, so either order serves.
CREATE INDEX ON orders (status, merchant_id, placed_at DESC, id DESC);
CREATE INDEX ON orders (status, fulfilled_by, placed_at DESC, id DESC);
CREATE INDEX ON refund (order_id);
CREATE STATISTICS orders_seller_and_shipper ON merchant_id, fulfilled_by FROM orders;
