-- Whoever comes second changes nothing, and sees that it changed nothing.
INSERT INTO cards (kind, name, stability_days, difficulty, last_review_ms, due_ms, reps, lapses)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (kind, name) DO NOTHING
