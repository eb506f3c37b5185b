SELECT id, question, given_at_ms, score, gated, estimate
FROM estimates
JOIN answers ON answers.id = estimates.answer
JOIN feedback ON feedback.answer = answers.id
ORDER BY estimates.answer DESC
LIMIT $1
