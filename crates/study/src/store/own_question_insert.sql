INSERT INTO own_questions (id, prompt, run, added_at_ms) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO NOTHING
