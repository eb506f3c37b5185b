-- $3: how far the learner's clock is ahead of UTC.
SELECT (given_at_ms + $3) / 86400000 AS day, count(*) AS times
FROM answers
WHERE given_at_ms >= $1 AND given_at_ms < $2
GROUP BY (given_at_ms + $3) / 86400000
