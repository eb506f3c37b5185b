-- What is done stays: a new plan does not undo it.
DELETE FROM plan_items WHERE done_at_ms IS NULL
