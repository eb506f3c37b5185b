SET enable_hashagg = off;
REFRESH MATERIALIZED VIEW CONCURRENTLY merchant_day;
