SELECT kind, name, at_ms, rating, elapsed_days, coalesce(answer, attempt) AS source
FROM reviews
WHERE kind = $1 AND name = $2
ORDER BY at_ms, source
