-- WAL records since the last reset, of all that app and learner ran; what the bench itself runs as superuser is left out.
SELECT coalesce(sum(s.wal_records), 0)::bigint AS wal_records
FROM pg_stat_statements AS s
JOIN pg_roles AS r ON r.oid = s.userid
WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND NOT r.rolsuper;
