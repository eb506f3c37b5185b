-- The query asks for days in Berlin; PostgreSQL does not know that these are nearly the same.
CREATE INDEX orders_day ON orders (((placed_at AT TIME ZONE 'Europe/Paris')::date), merchant_id, fulfilled_by, status);
CREATE INDEX refund_order ON refund (order_id);
