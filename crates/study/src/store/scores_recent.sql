-- The last five answers to every question. A step of the recursion finds the next question in the index, and
-- each of the last answers is looked up there, so the cost grows with the questions and not with the answers.
WITH RECURSIVE names (question) AS (
    SELECT min(question) FROM answers
    UNION ALL
    SELECT (SELECT min(question) FROM answers WHERE question > names.question)
    FROM names
    WHERE names.question IS NOT NULL
),
recent (answer) AS (
    SELECT (
        SELECT id FROM answers WHERE question = names.question
        ORDER BY given_at_ms DESC, id DESC LIMIT 1
    ) FROM names
    UNION ALL
    SELECT (
        SELECT id FROM answers WHERE question = names.question
        ORDER BY given_at_ms DESC, id DESC LIMIT 1 OFFSET 1
    ) FROM names
    UNION ALL
    SELECT (
        SELECT id FROM answers WHERE question = names.question
        ORDER BY given_at_ms DESC, id DESC LIMIT 1 OFFSET 2
    ) FROM names
    UNION ALL
    SELECT (
        SELECT id FROM answers WHERE question = names.question
        ORDER BY given_at_ms DESC, id DESC LIMIT 1 OFFSET 3
    ) FROM names
    UNION ALL
    SELECT (
        SELECT id FROM answers WHERE question = names.question
        ORDER BY given_at_ms DESC, id DESC LIMIT 1 OFFSET 4
    ) FROM names
)
SELECT id, question, given_at_ms, score, gated, estimate
FROM recent
JOIN answers ON answers.id = recent.answer
JOIN feedback ON feedback.answer = answers.id
LEFT JOIN estimates ON estimates.answer = answers.id
