-- Two orders of one merchant may share a time stamp, so the build fails and leaves an invalid index behind.
CREATE UNIQUE INDEX CONCURRENTLY orders_sold_by ON orders (merchant_id, status, placed_at);
