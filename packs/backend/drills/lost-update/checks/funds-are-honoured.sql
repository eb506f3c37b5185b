-- claim: A transfer is refused only if its payer could have lacked the funds.
-- need: exactly
-- unit: refusals without a reason
-- figure:
-- The least an account can hold: what it began with, less every other booked payment,
-- before anything came in. Who asks for no more than that has a claim to be booked.
WITH sent AS (
    SELECT id, from_id, amount FROM rush
    UNION ALL
    SELECT id, from_id, amount FROM duels
    UNION ALL
    SELECT id, from_id, amount FROM cuts
), outcome AS (
    SELECT s.*, t.status,
           sum(CASE t.status WHEN 'booked' THEN s.amount ELSE 0 END) OVER (PARTITION BY s.from_id) AS paid
    FROM sent s
    JOIN transfers t ON t.id = s.id
    WHERE t.phase = (SELECT max(phase) FROM transfers)
)
SELECT 0 AS need, count(*) AS got, NULL AS par
FROM outcome o
JOIN accounts a ON a.id = o.from_id AND a.phase = (SELECT min(phase) FROM accounts)
WHERE o.status = 'refused'
  AND o.amount <= a.balance - o.paid;
-- needs:
SELECT 'the balances before and after' AS missing
WHERE (SELECT count(DISTINCT phase) FROM accounts) < 2;
-- counterexamples:
WITH sent AS (
    SELECT id, from_id, to_id, amount, 'rush' AS part FROM rush
    UNION ALL
    SELECT id, from_id, to_id, amount, 'duel ' || duel FROM duels
    UNION ALL
    SELECT id, from_id, to_id, amount, 'cut ' || duel FROM cuts
), outcome AS (
    SELECT s.*, t.status,
           sum(CASE t.status WHEN 'booked' THEN s.amount ELSE 0 END) OVER (PARTITION BY s.from_id) AS paid,
           count(*) OVER (PARTITION BY s.from_id) AS payments
    FROM sent s
    JOIN transfers t ON t.id = s.id
    WHERE t.phase = (SELECT max(phase) FROM transfers)
)
SELECT o.part AS "where",
       o.id AS transfer,
       printf('%d pays %d to %d', o.from_id, o.amount, o.to_id) AS sent,
       a.balance - o.paid AS "held at least",
       'booked' AS expected,
       o.status AS got
FROM outcome o
JOIN accounts a ON a.id = o.from_id AND a.phase = (SELECT min(phase) FROM accounts)
WHERE o.status = 'refused'
  AND o.amount <= a.balance - o.paid
ORDER BY o.payments, o.part = 'rush', o.id;
