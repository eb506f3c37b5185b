-- Settings that were tied to a role, a database or a function.
SELECT coalesce('role ' || r.rolname, 'database') AS tied_to, setting
FROM pg_db_role_setting AS s
LEFT JOIN pg_roles AS r ON r.oid = s.setrole, unnest(s.setconfig) AS setting
WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
UNION ALL
SELECT 'function ' || p.proname, setting
FROM pg_proc AS p, unnest(p.proconfig) AS setting
WHERE p.pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'hotseat'::regnamespace);
