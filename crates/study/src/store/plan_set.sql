INSERT INTO plan (the_only, interview, hours_per_week, made_at_ms) VALUES (1, $1, $2, $3)
ON CONFLICT (the_only) DO UPDATE
SET interview = excluded.interview,
    hours_per_week = excluded.hours_per_week,
    made_at_ms = excluded.made_at_ms
