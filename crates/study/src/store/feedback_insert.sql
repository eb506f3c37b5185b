INSERT INTO feedback (answer, score, gated, level, body) VALUES ($1, $2, $3, $4, $5)
