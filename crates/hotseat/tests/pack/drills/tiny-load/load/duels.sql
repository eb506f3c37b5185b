-- Two moves a duel, both from one shelf to the next, on shelves of their own.
SELECT duel, 2 * duel - 1 AS from_id, 2 * duel AS to_id
FROM generate_series(1, 2) AS duel, generate_series(1, 2) AS place
ORDER BY duel, place
