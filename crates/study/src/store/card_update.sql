-- $9: as many reviews as whoever wrote this has seen.
UPDATE cards
SET stability_days = $3, difficulty = $4, last_review_ms = $5, due_ms = $6, reps = $7, lapses = $8
WHERE kind = $1 AND name = $2 AND reps = $9
