SELECT count(*) AS tries
FROM attempts
WHERE drill = $1
  AND ruling = 'fail'
  AND at_ms > coalesce((SELECT max(at_ms) FROM attempts WHERE drill = $1 AND ruling = 'pass'), -1)
