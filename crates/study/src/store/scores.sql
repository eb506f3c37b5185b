SELECT id, given_at_ms, score, gated, estimate
FROM answers
JOIN feedback ON feedback.answer = answers.id
LEFT JOIN estimates ON estimates.answer = answers.id
WHERE question = $1
ORDER BY given_at_ms DESC, id DESC
LIMIT $2
