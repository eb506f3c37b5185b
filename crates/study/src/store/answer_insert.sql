INSERT INTO answers (id, question, given_at_ms, seconds, text) VALUES ($1, $2, $3, $4, $5)
