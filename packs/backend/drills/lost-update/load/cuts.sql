-- As in the duels, but one session of each group is lost at its first, second or third
-- gate. A transfer that is booked comes to three: payer, payee, and its own row.
WITH shape (shape, place, payer, payee, least, spread, cut) AS (
    VALUES
        -- alone
        (1, 1, 0, 1,   100, 5000, true),
        -- twice the same way, the first is lost
        (2, 1, 0, 1,   100, 5000, true),  (2, 2, 0, 1,   100, 5000, false),
        -- twice the same way, the second is lost
        (3, 1, 0, 1,   100, 5000, false), (3, 2, 0, 1,   100, 5000, true),
        -- there and back
        (4, 1, 0, 1,   100, 5000, true),  (4, 2, 1, 0,   100, 5000, false),
        -- funds for one of two: if the first did not happen, the second must be booked
        (5, 1, 0, 1, 60000, 7000, true),  (5, 2, 0, 2, 60000, 7000, false)
), drawn AS (
    SELECT 10 * shape + gate AS duel, place, (shape + gate) % 2 = 1 AS downwards, payer, payee,
           least + place + 4 * floor(spread * hotseat.draw('cut ' || :seed, 100 * shape + 10 * gate + place))::bigint AS amount,
           CASE WHEN cut THEN gate END AS cut_at
    FROM shape CROSS JOIN generate_series(1, 3) AS gate
)
SELECT 30000 + 10 * duel + place                                          AS id,
       2000 + 10 * duel + CASE WHEN downwards THEN 5 - payer ELSE payer END AS from_id,
       2000 + 10 * duel + CASE WHEN downwards THEN 5 - payee ELSE payee END AS to_id,
       amount,
       duel,
       cut_at
FROM drawn
ORDER BY duel, place
