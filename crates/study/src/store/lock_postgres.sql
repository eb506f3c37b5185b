-- One writer at a time in a schema, as in SQLite; it ends with the transaction.
SELECT pg_advisory_xact_lock(hashtextextended('hotseat ' || current_schema(), 0))
