INSERT INTO plan (the_only, interview, hours_per_week, days_off, made_at_ms) VALUES (1, $1, $2, $3, $4)
ON CONFLICT (the_only) DO UPDATE
SET interview = excluded.interview,
    hours_per_week = excluded.hours_per_week,
    days_off = excluded.days_off,
    made_at_ms = excluded.made_at_ms
