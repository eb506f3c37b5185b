SELECT id, question, given_at_ms, seconds, text, estimate, score, gated, level, body
FROM answers
JOIN feedback ON feedback.answer = answers.id
LEFT JOIN estimates ON estimates.answer = answers.id
ORDER BY id
