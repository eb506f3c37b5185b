SELECT run, drill, level, ruling, at_ms
FROM attempts
WHERE at_ms >= $1 AND at_ms < $2
ORDER BY at_ms, id
LIMIT $3
