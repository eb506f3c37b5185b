SELECT question, count(*) AS answers, max(given_at_ms) AS last_ms
FROM answers
GROUP BY question
