SELECT kind, name, at_ms, rating, elapsed_days, coalesce(answer, attempt) AS source
FROM reviews
WHERE answer = $1 OR attempt = $1
