CREATE INDEX orders_sold_by ON orders (merchant_id, status, placed_at, id);
CREATE INDEX orders_shipped_by ON orders (fulfilled_by, status, placed_at, id) WHERE fulfilled_by IS NOT NULL;

-- Built partition by partition, without locking out writes; the default partition was forgotten.
CREATE INDEX refund_order ON ONLY refund (order_id);
CREATE INDEX CONCURRENTLY refund_2023_order ON refund_2023 (order_id);
CREATE INDEX CONCURRENTLY refund_2024_order ON refund_2024 (order_id);
CREATE INDEX CONCURRENTLY refund_2025_order ON refund_2025 (order_id);
ALTER INDEX refund_order ATTACH PARTITION refund_2023_order;
ALTER INDEX refund_order ATTACH PARTITION refund_2024_order;
ALTER INDEX refund_order ATTACH PARTITION refund_2025_order;
