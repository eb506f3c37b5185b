SELECT date, position, task, name, minutes, done_at_ms, pinned FROM plan_items
