SELECT drill, level, ruling, count(*) AS attempts, max(hints_used) AS hints_used, max(at_ms) AS last_ms
FROM attempts
GROUP BY drill, level, ruling
