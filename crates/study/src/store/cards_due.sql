SELECT kind, name, stability_days, difficulty, last_review_ms, due_ms, reps, lapses
FROM cards
WHERE due_ms <= $1
ORDER BY due_ms, kind, name
LIMIT $2
