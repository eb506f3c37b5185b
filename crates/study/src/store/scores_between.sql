-- Ids begin with the time.
SELECT id, question, given_at_ms, score, gated, estimate
FROM answers
JOIN feedback ON feedback.answer = answers.id
LEFT JOIN estimates ON estimates.answer = answers.id
WHERE id >= $1 AND id < $2
ORDER BY id
LIMIT $3
