INSERT INTO estimates (answer, estimate) VALUES ($1, $2)
