UPDATE plan_items SET done_at_ms = $3 WHERE task = $1 AND name = $2 AND done_at_ms IS NULL AND date = (
    SELECT min(date) FROM plan_items WHERE task = $1 AND name = $2 AND done_at_ms IS NULL
)
