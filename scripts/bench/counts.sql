-- Every exact count of a run, the submission's and the reference's. The first five cells are its name.
WITH plan (run, probe, component, no, mode, blocks, temp_blocks, rows, wal_records, wal_bytes) AS (
    SELECT 'submission', probe, component, no, mode, blocks, temp_blocks, rows_handled, wal_records, wal_bytes
    FROM plan_costs
    UNION ALL
    SELECT 'reference', probe, component, no, mode, blocks, temp_blocks, rows_handled, wal_records, wal_bytes
    FROM par.plan_costs
),
write (run, probe, component, no, mode, updates, hot_updates, rows, wal_records, wal_bytes) AS (
    SELECT 'submission', 'writes', component, no, NULL, updates, hot_updates, writes, wal_records, wal_bytes FROM writes
    UNION ALL
    SELECT 'reference', 'writes', component, no, NULL, updates, hot_updates, writes, wal_records, wal_bytes
    FROM par.writes
    UNION ALL
    SELECT 'reference', 'bare_writes', component, no, NULL, updates, hot_updates, writes, wal_records, wal_bytes
    FROM par.bare_writes
)
SELECT * FROM plan UNION ALL SELECT * FROM write;
