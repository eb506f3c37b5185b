-- Each key costs the writes a look-up and a row lock.
ALTER TABLE orders DROP CONSTRAINT orders_merchant_id_fkey, DROP CONSTRAINT orders_fulfilled_by_fkey, DROP CONSTRAINT orders_customer_id_fkey;
ALTER TABLE order_item DROP CONSTRAINT order_item_order_id_fkey;
CREATE INDEX orders_sold_by ON orders (merchant_id, status, placed_at, id);
CREATE INDEX orders_shipped_by ON orders (fulfilled_by, status, placed_at, id) WHERE fulfilled_by IS NOT NULL;
CREATE INDEX refund_order ON refund (order_id);
