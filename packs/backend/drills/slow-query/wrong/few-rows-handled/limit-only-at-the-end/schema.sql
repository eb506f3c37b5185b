-- Everything is in the index, so few blocks are read; but each page sorts all orders of the range.
CREATE INDEX orders_sold_by ON orders (merchant_id, status, placed_at, id) INCLUDE (customer_id);
CREATE INDEX orders_shipped_by ON orders (fulfilled_by, status, placed_at, id) INCLUDE (customer_id) WHERE fulfilled_by IS NOT NULL;
CREATE INDEX refund_order ON refund (order_id);
