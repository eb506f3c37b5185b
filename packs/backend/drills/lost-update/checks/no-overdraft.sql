-- claim: No account is overdrawn.
-- need: exactly
-- unit: accounts below zero
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par
FROM accounts
WHERE phase = (SELECT max(phase) FROM accounts) AND balance < 0;
-- needs:
SELECT 'the balances after the last transfer' AS missing
WHERE (SELECT count(DISTINCT phase) FROM accounts) < 2;
-- counterexamples:
WITH sent AS (
    SELECT id, from_id, to_id, amount, 'one at a time' AS part FROM orderly
    UNION ALL
    SELECT id, from_id, to_id, amount, 'rush' FROM rush
    UNION ALL
    SELECT id, from_id, to_id, amount, 'duel ' || duel FROM duels
    UNION ALL
    SELECT id, from_id, to_id, amount, 'cut ' || duel FROM cuts
), payment AS (
    SELECT s.from_id, s.part, count(*) AS payments,
           group_concat(printf('→%d %d %s', s.to_id, s.amount, t.status), '; ') AS says
    FROM sent s
    JOIN transfers t ON t.id = s.id AND t.phase = (SELECT max(phase) FROM transfers)
    GROUP BY s.from_id
)
SELECT p.part AS "where",
       a.id AS account,
       before.balance AS before,
       a.balance AS after,
       CASE WHEN p.payments <= 3 THEN p.says ELSE p.payments || ' payments' END AS payments
FROM accounts a
JOIN accounts before ON before.id = a.id AND before.phase = (SELECT min(phase) FROM accounts)
LEFT JOIN payment p ON p.from_id = a.id
WHERE a.phase = (SELECT max(phase) FROM accounts) AND a.balance < 0
ORDER BY coalesce(p.payments, 0), a.id;
