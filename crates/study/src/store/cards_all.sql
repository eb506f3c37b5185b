SELECT kind, name, stability_days, difficulty, last_review_ms, due_ms, reps, lapses
FROM cards
