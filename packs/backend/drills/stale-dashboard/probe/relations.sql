-- What the learner has added to the shop, with its size on disk.
SELECT
    c.oid::regclass::text AS relation,
    CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'm' THEN 'materialised view'
                   WHEN 'i' THEN 'index' WHEN 'I' THEN 'index' WHEN 'S' THEN 'sequence' END AS kind,
    CASE WHEN c.relkind IN ('r', 'm') THEN pg_table_size(c.oid) ELSE pg_relation_size(c.oid) END AS bytes,
    c.relpersistence <> 'p' AS unlogged,
    coalesce(NOT (i.indisvalid AND i.indisready), false) AS invalid
FROM pg_class AS c
LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'm', 'i', 'I', 'S')
  AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'hotseat'::regnamespace, 'pg_toast'::regnamespace)
  AND c.relname NOT IN (
      'merchant', 'merchant_pkey', 'customer', 'customer_pkey',
      'orders', 'orders_pkey', 'orders_id_seq', 'orders_merchant_placed',
      'refund', 'refund_pkey', 'refund_id_seq', 'refund_order')
ORDER BY relation;
