SELECT run
FROM attempts
