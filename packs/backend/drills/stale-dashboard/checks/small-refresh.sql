-- claim: When one row in a thousand has changed, a refresh writes a small part of what a rebuild would write.
-- need: at most
-- unit: WAL records
-- figure:
-- A rebuild writes two records a row: one for the row, one for its key. The pages hold part of the rows
-- only, so the reference's own count of rows stands for the whole.
SELECT 4000 AS need, w.wal_records AS got, p.wal_records AS par
FROM (SELECT wal_records FROM wal JOIN phases USING (phase, tick) WHERE name = 'quiet tick') AS w,
     (SELECT wal_records FROM par.wal JOIN par.phases USING (phase, tick) WHERE name = 'quiet tick') AS p;
-- needs:
SELECT 'the shop changed nothing before the refresh' AS missing
WHERE NOT EXISTS (SELECT 1 FROM statements WHERE source LIKE '%small_change%' AND rows > 0);
-- counterexamples:
SELECT 'two refreshes after 240 changed rows' AS what, w.wal_records AS wal_records_written
FROM wal AS w
JOIN phases USING (phase, tick)
WHERE name = 'quiet tick' AND w.wal_records > 4000;
