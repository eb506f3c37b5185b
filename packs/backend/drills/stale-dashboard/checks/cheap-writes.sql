-- claim: The shop's own writes stay cheap: their WAL records against those of the bare shop.
-- need: at most
-- unit: times the records of the bare shop
-- figure:
-- Measured: a view 1.0, an appended log 1.2, statement triggers 1.5 to 1.7, row triggers 1.8; a month rebuilt at each write 73.
WITH paid AS (
    SELECT
        (SELECT wal_records FROM wal JOIN phases USING (phase, tick) WHERE name = 'first fill') AS bare,
        (SELECT wal_records FROM wal JOIN phases USING (phase, tick) WHERE name = 'meetings') AS now,
        (SELECT wal_records FROM par.wal JOIN par.phases USING (phase, tick) WHERE name = 'first fill') AS par_bare,
        (SELECT wal_records FROM par.wal JOIN par.phases USING (phase, tick) WHERE name = 'meetings') AS par_now
)
SELECT 5 AS need, round(1.0 * now / bare, 2) AS got, round(1.0 * par_now / par_bare, 2) AS par FROM paid;
-- needs:
SELECT 'the bare shop wrote no WAL' AS missing
WHERE NOT EXISTS (SELECT 1 FROM wal JOIN phases USING (phase, tick) WHERE name = 'first fill' AND wal_records > 0);
-- counterexamples:
SELECT
    1000 * bare.wal_records / writes.n AS records_per_1000_writes_bare,
    1000 * now.wal_records / writes.n AS records_per_1000_writes_with_yours
FROM (SELECT wal_records FROM wal JOIN phases USING (phase, tick) WHERE name = 'first fill') AS bare,
     (SELECT wal_records FROM wal JOIN phases USING (phase, tick) WHERE name = 'meetings') AS now,
     (SELECT count(*) AS n FROM writes) AS writes
WHERE round(1.0 * now.wal_records / bare.wal_records, 2) > 5;
