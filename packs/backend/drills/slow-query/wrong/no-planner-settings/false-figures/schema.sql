-- As if every merchant had one order.
ALTER TABLE orders ALTER merchant_id SET (n_distinct = -1), ALTER fulfilled_by SET (n_distinct = -1);
ANALYZE orders (merchant_id, fulfilled_by);
CREATE INDEX orders_sold_by ON orders (merchant_id, status, placed_at, id);
CREATE INDEX orders_shipped_by ON orders (fulfilled_by, status, placed_at, id) WHERE fulfilled_by IS NOT NULL;
CREATE INDEX refund_order ON refund (order_id);
