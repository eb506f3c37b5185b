-- The query asks for Berlin days, so the index holds Berlin days.
CREATE INDEX CONCURRENTLY orders_sold_on
    ON orders (status, merchant_id, ((placed_at AT TIME ZONE 'Europe/Berlin')::date));
CREATE INDEX CONCURRENTLY orders_shipped_on
    ON orders (status, fulfilled_by, ((placed_at AT TIME ZONE 'Europe/Berlin')::date));

-- PostgreSQL cannot build an index of a partitioned table concurrently: build it partition by
-- partition and attach each, after which the index of the whole table is valid.
CREATE INDEX refund_order ON ONLY refund (order_id) INCLUDE (amount_cents);
CREATE INDEX CONCURRENTLY refund_2023_order ON refund_2023 (order_id) INCLUDE (amount_cents);
CREATE INDEX CONCURRENTLY refund_2024_order ON refund_2024 (order_id) INCLUDE (amount_cents);
CREATE INDEX CONCURRENTLY refund_2025_order ON refund_2025 (order_id) INCLUDE (amount_cents);
CREATE INDEX CONCURRENTLY refund_rest_order ON refund_rest (order_id) INCLUDE (amount_cents);
ALTER INDEX refund_order ATTACH PARTITION refund_2023_order;
ALTER INDEX refund_order ATTACH PARTITION refund_2024_order;
ALTER INDEX refund_order ATTACH PARTITION refund_2025_order;
ALTER INDEX refund_order ATTACH PARTITION refund_rest_order;
