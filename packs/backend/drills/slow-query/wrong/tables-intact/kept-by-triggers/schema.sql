CREATE INDEX orders_sold_by ON orders (merchant_id, status, placed_at, id);
CREATE INDEX orders_shipped_by ON orders (fulfilled_by, status, placed_at, id) WHERE fulfilled_by IS NOT NULL;
CREATE INDEX refund_order ON refund (order_id);

ALTER TABLE orders ADD COLUMN refunded_cents bigint;
CREATE FUNCTION add_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE orders SET refunded_cents = coalesce(refunded_cents, 0) + NEW.amount_cents WHERE id = NEW.order_id;
    RETURN NULL;
END $$;
CREATE TRIGGER refunds_to_orders AFTER INSERT ON refund FOR EACH ROW EXECUTE FUNCTION add_refund();
