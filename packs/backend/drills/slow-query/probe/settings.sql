-- What could lead the planner by the hand: settings kept for a role or the database, functions that
-- bring settings along, false figures about columns.
SELECT coalesce('role ' || nullif(setrole, 0)::regrole, 'database') AS place, setting
FROM pg_db_role_setting, unnest(setconfig) AS setting
WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
UNION ALL
SELECT 'function ' || p.oid::regprocedure, setting
FROM pg_proc p, unnest(proconfig) AS setting
WHERE pronamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema', 'hotseat')
UNION ALL
SELECT 'column ' || attrelid::regclass || '.' || attname, option
FROM pg_attribute, unnest(attoptions) AS option
UNION ALL
SELECT 'tablespace ' || spcname, option FROM pg_tablespace, unnest(spcoptions) AS option;
