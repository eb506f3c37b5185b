-- A day's 1,000 writes in one transaction, and what they cost: WAL records by statement from
-- pg_stat_statements, HOT updates from this transaction's own counters.
SELECT pg_stat_statements_reset(0, (SELECT oid FROM pg_database WHERE datname = current_database()), 0);

-- 150 new orders …
INSERT INTO orders (id, merchant_id, fulfilled_by, customer_id, status, placed_at, scanned_at, scans)
SELECT 1900000 + n,
       1000 + floor(pow(401, hotseat.draw('seller' || :seed, n)))::integer,
       CASE WHEN hotseat.draw('ships' || :seed, n) < 0.12 THEN 1001 + floor(400 * hotseat.draw('shipper' || :seed, n))::integer END,
       100001 + floor(20000 * hotseat.draw('buyer' || :seed, n))::integer,
       'pending',
       timestamptz '2025-12-31 00:00Z' + interval '1 minute' * floor(1440 * hotseat.draw('when' || :seed, n)),
       timestamptz '2025-12-31 23:59Z',
       0
FROM generate_series(1, 150) AS n;

-- … with 250 items;
INSERT INTO order_item (order_id, line, quantity, product_id, price_cents)
SELECT 1900001 + n % 150, 1 + n / 150, 1, n, 500
FROM generate_series(0, 249) AS n;

-- 20 refunds;
INSERT INTO refund (id, order_id, amount_cents, refunded_at)
SELECT 9900000 + n, 1000001 + floor(120000 * hotseat.draw('refunded' || :seed, n))::bigint, 500, timestamptz '2025-12-31 12:00Z'
FROM generate_series(1, 20) AS n;

-- 550 parcels scanned on their way;
UPDATE orders
SET scanned_at = timestamptz '2025-12-31 12:00Z', scans = scans + 1
WHERE id IN (SELECT 1000001 + 218 * n + floor(218 * hotseat.draw('scanned' || :seed, n))::bigint FROM generate_series(0, 549) AS n);

-- 30 orders that are pending, paid or sent move on.
UPDATE orders
SET status = CASE status WHEN 'pending' THEN 'paid' WHEN 'paid' THEN 'sent' ELSE 'returned' END
WHERE id IN (SELECT id FROM orders
             WHERE id <= 1120000 AND status IN ('pending', 'paid', 'sent')
             ORDER BY hotseat.draw('moves' || :seed, id) LIMIT 30);

SELECT sum(rows)::bigint AS writes,
       sum(wal_records)::bigint AS wal_records,
       sum(wal_bytes)::bigint AS wal_bytes,
       pg_stat_get_xact_tuples_updated('orders'::regclass) AS updates,
       pg_stat_get_xact_tuples_hot_updated('orders'::regclass) AS hot_updates
FROM pg_stat_statements
WHERE userid = current_user::regrole
  AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND query ~ '^(INSERT|UPDATE)';
