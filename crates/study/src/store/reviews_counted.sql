SELECT count(*) AS reps, count(CASE WHEN rating = 1 THEN 1 END) AS lapses
FROM reviews
WHERE kind = $1 AND name = $2
