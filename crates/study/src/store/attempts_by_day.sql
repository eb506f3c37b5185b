-- $3: how far the learner's clock is ahead of UTC.
SELECT (at_ms + $3) / 86400000 AS day, count(*) AS times
FROM attempts
WHERE at_ms >= $1 AND at_ms < $2
GROUP BY (at_ms + $3) / 86400000
