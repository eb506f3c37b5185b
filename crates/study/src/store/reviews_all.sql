SELECT kind, name, at_ms, rating, elapsed_days, coalesce(answer, attempt) AS source
FROM reviews
ORDER BY at_ms, source
