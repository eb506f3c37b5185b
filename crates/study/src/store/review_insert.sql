INSERT INTO reviews (kind, name, at_ms, rating, elapsed_days, answer, attempt)
VALUES ($1, $2, $3, $4, $5, $6, $7)
