SELECT 'items' AS what, count(*)::text AS "is" FROM item
UNION ALL
SELECT 'prices', sum(price)::text FROM item
UNION ALL
SELECT 'superuser', rolname FROM pg_roles WHERE rolsuper
