-- Everything that the contract leaves as it is: what there is beside indexes and statistics.
SELECT kind, name, "is"
FROM (
    WITH mine AS (
        SELECT oid, nspname FROM pg_namespace
        WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'hotseat') AND nspname !~ '^pg_(toast|temp)'
    ),
    relation AS (
        SELECT c.*, format('%I.%I', mine.nspname, c.relname) AS name
        FROM pg_class c JOIN mine ON mine.oid = c.relnamespace
        WHERE c.relkind NOT IN ('i', 'I')
          AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    )
    SELECT 'schema' AS kind, nspname::text AS name, '' AS "is" FROM mine
    UNION ALL
    SELECT 'relation', name,
           concat_ws(' ', relkind, relpersistence, relrowsecurity, reloptions::text, pg_get_expr(relpartbound, oid),
                     'file', pg_relation_filenode(oid))
    FROM relation
    UNION ALL
    SELECT 'column', relation.name || '.' || a.attname,
           concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated, a.attidentity,
                     pg_get_expr(d.adbin, d.adrelid))
    FROM relation
    JOIN pg_attribute a ON a.attrelid = relation.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    UNION ALL
    SELECT 'constraint', relation.name || '.' || con.conname, concat_ws(' ', pg_get_constraintdef(con.oid), con.convalidated)
    FROM relation JOIN pg_constraint con ON con.conrelid = relation.oid
    UNION ALL
    SELECT 'index of a constraint', con.conindid::regclass::text,
           concat_ws(' ', pg_get_indexdef(con.conindid), i.indisvalid)
    FROM relation
    JOIN pg_constraint con ON con.conrelid = relation.oid AND con.contype IN ('p', 'u', 'x')
    JOIN pg_index i ON i.indexrelid = con.conindid
    UNION ALL
    SELECT 'trigger', relation.name || '.' || t.tgname, concat_ws(' ', t.tgenabled, t.tgfoid::regproc)
    FROM relation JOIN pg_trigger t ON t.tgrelid = relation.oid
    UNION ALL
    SELECT 'rule', relation.name || '.' || r.rulename, concat_ws(' ', r.ev_type, r.ev_enabled, r.is_instead)
    FROM relation JOIN pg_rewrite r ON r.ev_class = relation.oid
    UNION ALL
    SELECT 'policy', relation.name || '.' || p.polname, '' FROM relation JOIN pg_policy p ON p.polrelid = relation.oid
    UNION ALL
    SELECT 'function', p.oid::regprocedure::text, md5(p.prosrc) FROM pg_proc p JOIN mine ON mine.oid = p.pronamespace
    UNION ALL
    SELECT 'operator', o.oid::regoperator::text, o.oprcode::text FROM pg_operator o JOIN mine ON mine.oid = o.oprnamespace
    UNION ALL
    SELECT 'type', t.oid::regtype::text, t.typtype::text
    FROM pg_type t JOIN mine ON mine.oid = t.typnamespace WHERE t.typrelid = 0 AND t.typelem = 0
    UNION ALL
    SELECT 'extension', extname::text, extversion FROM pg_extension
) AS listed;
