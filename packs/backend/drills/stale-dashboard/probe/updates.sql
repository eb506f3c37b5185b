SELECT sum(n_tup_upd)::bigint AS updated, sum(n_tup_hot_upd)::bigint AS heap_only
FROM pg_stat_user_tables
WHERE schemaname = 'public' AND relname IN ('orders', 'refund');
