CREATE INDEX orders_sold_by ON orders merchant_id, status, placed_at;
