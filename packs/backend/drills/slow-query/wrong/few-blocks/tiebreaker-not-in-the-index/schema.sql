-- The order of the page is placed_at and id. Planned for all values at once, PostgreSQL would
-- rather sort every row of the range than sort the ties only.
CREATE INDEX orders_sold_by ON orders (merchant_id, status, placed_at);
CREATE INDEX orders_shipped_by ON orders (fulfilled_by, status, placed_at) WHERE fulfilled_by IS NOT NULL;
CREATE INDEX refund_order ON refund (order_id);
