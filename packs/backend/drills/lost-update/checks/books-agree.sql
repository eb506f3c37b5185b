-- claim: Every balance is what it was, plus what was booked in, minus what was booked out.
-- need: exactly
-- unit: accounts
-- figure:
WITH sent AS (
    SELECT id, from_id, to_id, amount FROM rush
    UNION ALL
    SELECT id, from_id, to_id, amount FROM duels
), booked AS (
    SELECT s.*
    FROM sent s
    JOIN transfers t ON t.id = s.id
    WHERE t.phase = (SELECT max(phase) FROM transfers) AND t.status = 'booked'
), flow AS (
    SELECT account, sum(amount) AS amount
    FROM (SELECT to_id AS account, amount FROM booked
          UNION ALL
          SELECT from_id, -amount FROM booked)
    GROUP BY account
)
SELECT 0 AS need, count(*) AS got, NULL AS par
FROM accounts before
JOIN accounts after ON after.id = before.id AND after.phase = (SELECT max(phase) FROM accounts)
LEFT JOIN flow ON flow.account = before.id
WHERE before.phase = (SELECT min(phase) FROM accounts)
  AND before.id BETWEEN 101 AND 1999
  AND after.balance <> before.balance + coalesce(flow.amount, 0);
-- needs:
SELECT 'the balances before and after' AS missing
WHERE (SELECT count(DISTINCT phase) FROM accounts) < 2;
-- counterexamples:
WITH sent AS (
    SELECT id, from_id, to_id, amount, 'rush' AS part FROM rush
    UNION ALL
    SELECT id, from_id, to_id, amount, 'duel ' || duel FROM duels
), outcome AS (
    SELECT s.*, coalesce(t.status, 'no row') AS status
    FROM sent s
    LEFT JOIN transfers t ON t.id = s.id AND t.phase = (SELECT max(phase) FROM transfers)
), flow AS (
    SELECT account, part, sum(amount) AS amount,
           count(*) AS transfers,
           group_concat(says, '; ') AS says
    FROM (SELECT to_id AS account, part,
                 CASE status WHEN 'booked' THEN amount ELSE 0 END AS amount,
                 printf('%d→%d %d %s', from_id, to_id, amount, status) AS says
          FROM outcome
          UNION ALL
          SELECT from_id, part,
                 CASE status WHEN 'booked' THEN -amount ELSE 0 END,
                 printf('%d→%d %d %s', from_id, to_id, amount, status)
          FROM outcome)
    GROUP BY account
)
SELECT flow.part AS "where",
       before.id AS account,
       before.balance AS before,
       before.balance + flow.amount AS expected,
       after.balance AS got,
       CASE WHEN flow.transfers <= 3 THEN flow.says ELSE flow.transfers || ' transfers' END AS transfers
FROM accounts before
JOIN accounts after ON after.id = before.id AND after.phase = (SELECT max(phase) FROM accounts)
LEFT JOIN flow ON flow.account = before.id
WHERE before.phase = (SELECT min(phase) FROM accounts)
  AND before.id BETWEEN 101 AND 1999
  AND after.balance <> before.balance + coalesce(flow.amount, 0)
ORDER BY coalesce(flow.transfers, 0), before.id;
