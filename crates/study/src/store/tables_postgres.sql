SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()
