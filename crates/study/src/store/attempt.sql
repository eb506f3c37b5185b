SELECT id, run, drill, level, ruling, seed, at_ms, hints_used, verdict
FROM attempts
WHERE id = $1
