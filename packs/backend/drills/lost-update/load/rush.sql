-- 1,200 transfers among 128 accounts; the power makes a few of them hot.
WITH drawn AS (
    SELECT n,
           floor(128 * power(hotseat.draw('rush payer' || :seed, n), 1.5))::bigint AS payer,
           floor(128 * power(hotseat.draw('rush payee' || :seed, n), 1.5))::bigint AS payee,
           floor(2000 * hotseat.draw('rush amount' || :seed, n))::bigint        AS cents
    FROM generate_series(1, 1200) AS n
)
SELECT 10000 + n   AS id,
       101 + payer AS from_id,
       101 + CASE WHEN payee = payer THEN (payee + 1) % 128 ELSE payee END AS to_id,
       1 + cents   AS amount
FROM drawn
ORDER BY id
