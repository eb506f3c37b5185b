SELECT date, position, task, name, minutes, done_at_ms FROM plan_items
