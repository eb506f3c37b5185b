SELECT id, run, drill, level, ruling, seed, at_ms, hints_used, verdict
FROM attempts
WHERE drill = $1 AND ruling = 'pass'
ORDER BY at_ms DESC, id DESC
LIMIT 1
