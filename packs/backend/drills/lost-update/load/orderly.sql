-- 200 transfers among eight small accounts. Balances and amounts are whole hundreds,
-- so a payer often has exactly what is asked, or just too little.
WITH drawn AS (
    SELECT n AS id,
           floor(8 * hotseat.draw('orderly payer'  || :seed, n))::bigint AS payer,
           floor(7 * hotseat.draw('orderly payee'  || :seed, n))::bigint AS step,
           floor(5 * hotseat.draw('orderly amount' || :seed, n))::bigint AS hundreds
    FROM generate_series(1, 200) AS n
)
SELECT id,
       1 + payer                  AS from_id,
       1 + (payer + 1 + step) % 8 AS to_id,
       100 * (1 + hundreds)       AS amount
FROM drawn
ORDER BY id
