INSERT INTO attempts (id, run, drill, level, ruling, seed, at_ms, hints_used, verdict)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
