-- Transfers that take turns, in groups on fresh accounts of 100000 each. A group's
-- accounts are named 0 to 5; the second round counts them downwards, so that no order of
-- account numbers is lucky. Amounts in a group differ: equal ones could hide a loss.
WITH shape (shape, place, payer, payee, least, spread) AS (
    VALUES
        -- twice the same way
        (1, 1, 0, 1,    100,  5000), (1, 2, 0, 1,    100,  5000),
        -- there and back
        (2, 1, 0, 1,    100,  5000), (2, 2, 1, 0,    100,  5000),
        -- one pays three
        (3, 1, 0, 1,    100,  5000), (3, 2, 0, 2,    100,  5000), (3, 3, 0, 3,    100,  5000),
        -- three pay one
        (4, 1, 1, 0,    100,  5000), (4, 2, 2, 0,    100,  5000), (4, 3, 3, 0,    100,  5000),
        -- round in a ring
        (5, 1, 0, 1,    100,  5000), (5, 2, 1, 2,    100,  5000), (5, 3, 2, 0,    100,  5000),
        -- funds for one of two
        (6, 1, 0, 1,  60000,  7000), (6, 2, 0, 2,  60000,  7000),
        -- funds for two of three
        (7, 1, 0, 1,  34000,  3500), (7, 2, 0, 2,  34000,  3500), (7, 3, 0, 3,  34000,  3500),
        -- funds that are on their way: booked or refused, both are right
        (8, 1, 0, 1,  40000, 10000), (8, 2, 1, 2, 101000,  5000),
        -- strangers
        (9, 1, 0, 1,    100,  5000), (9, 2, 2, 3,    100,  5000), (9, 3, 4, 5,    100,  5000)
), drawn AS (
    SELECT 10 * shape + round AS duel, place, round = 1 AS downwards, payer, payee,
           least + place + 4 * floor(spread * hotseat.draw('duel ' || :seed, 100 * shape + 10 * round + place))::bigint AS amount
    FROM shape CROSS JOIN generate_series(0, 1) AS round
)
SELECT 20000 + 10 * duel + place                                          AS id,
       1000 + 10 * duel + CASE WHEN downwards THEN 5 - payer ELSE payer END AS from_id,
       1000 + 10 * duel + CASE WHEN downwards THEN 5 - payee ELSE payee END AS to_id,
       amount,
       duel
FROM drawn
ORDER BY duel, place
