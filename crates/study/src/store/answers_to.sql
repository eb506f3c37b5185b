SELECT id, question, given_at_ms, seconds, text, estimate, score, gated, level, body
FROM answers
JOIN feedback ON feedback.answer = answers.id
LEFT JOIN estimates ON estimates.answer = answers.id
WHERE question = $1
ORDER BY given_at_ms DESC, id DESC
