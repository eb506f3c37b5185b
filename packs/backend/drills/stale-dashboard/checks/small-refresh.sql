-- claim: When one row in a thousand has changed, a refresh writes a small part of what a rebuild would write.
-- need: at most
-- unit: WAL records
-- figure:
-- The dashboard has some 19,000 rows, so to write each row and its key anew takes 38,000 records; a tenth is
-- allowed, for both refreshes. Measured: triggers 0, a difference computed by hand 277, a log 397, a concurrent
-- view 1,027 (most of it for its temporary table); a NULL in the key 30,551, all rows upserted 38,900, deleted
-- and inserted 117,789. A view that is rebuilt under lock hardly shows here, because wal_level is minimal and
-- a new file needs no WAL; nobody-waits-for-the-refresh catches that.
SELECT 4000 AS need, w.wal_records AS got, p.wal_records AS par
FROM (SELECT wal_records FROM wal JOIN phases USING (phase, tick) WHERE name = 'quiet tick') AS w,
     (SELECT wal_records FROM par.wal JOIN par.phases USING (phase, tick) WHERE name = 'quiet tick') AS p;
-- needs:
SELECT 'the shop changed nothing before the refresh' AS missing
WHERE NOT EXISTS (SELECT 1 FROM statements WHERE source LIKE '%small_change%' AND rows > 0);
-- counterexamples:
SELECT 'two refreshes after 160 changed rows' AS what, w.wal_records AS wal_records_written
FROM wal AS w
JOIN phases USING (phase, tick)
WHERE name = 'quiet tick' AND w.wal_records > 4000;
