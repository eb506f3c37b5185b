-- Indexes that came with the submission: all but those behind the given primary keys. An index of a
-- partitioned table counts once, with its parts.
SELECT format('%s (on %s)', i.indexrelid::regclass, i.indrelid::regclass) AS name,
       pg_get_indexdef(i.indexrelid) AS definition,
       coalesce(tree.bytes, pg_relation_size(i.indexrelid)) AS bytes,
       coalesce(tree.valid, i.indisvalid AND i.indisready) AS valid
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_class t ON t.oid = i.indrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
CROSS JOIN LATERAL (
    SELECT sum(pg_relation_size(part.relid))::bigint AS bytes, bool_and(pi.indisvalid AND pi.indisready) AS valid
    FROM pg_partition_tree(i.indexrelid) AS part
    JOIN pg_index pi ON pi.indexrelid = part.relid
) AS tree
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'hotseat')
  AND n.nspname !~ '^pg_toast'
  AND NOT c.relispartition
  AND NOT EXISTS (SELECT 1 FROM pg_constraint con WHERE con.conindid = i.indexrelid AND con.contype = 'p')
ORDER BY 1;
