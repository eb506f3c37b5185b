-- What the shop relies on in its own tables: columns, constraints, indexes, and that they are plain logged tables.
WITH shop AS (
    SELECT oid, relname::text, relkind, relpersistence, relrowsecurity
    FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relname IN ('merchant', 'customer', 'orders', 'refund')
)
SELECT relname AS shop_table, 'table' AS part, format('kind %s, persistence %s, row security %s', relkind, relpersistence, relrowsecurity) AS definition
FROM shop
UNION ALL
SELECT s.relname, 'column', format('%s %s%s', a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN ' NOT NULL' END)
FROM shop AS s
JOIN pg_attribute AS a ON a.attrelid = s.oid AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT s.relname, 'constraint', pg_get_constraintdef(c.oid)
FROM shop AS s
JOIN pg_constraint AS c ON c.conrelid = s.oid
UNION ALL
SELECT s.relname, 'index', pg_get_indexdef(i.indexrelid)
FROM shop AS s
JOIN pg_index AS i ON i.indrelid = s.oid AND i.indisvalid AND i.indisready
ORDER BY 1, 2, 3;
