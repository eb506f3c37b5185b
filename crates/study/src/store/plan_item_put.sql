-- What is done is not undone, and the first time counts.
INSERT INTO plan_items (date, position, task, name, minutes, done_at_ms, pinned)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (date, task, name) DO UPDATE
SET position = excluded.position,
    minutes = excluded.minutes,
    pinned = excluded.pinned,
    done_at_ms = CASE
        WHEN plan_items.done_at_ms IS NULL THEN excluded.done_at_ms
        WHEN excluded.done_at_ms < plan_items.done_at_ms THEN excluded.done_at_ms
        ELSE plan_items.done_at_ms
    END
