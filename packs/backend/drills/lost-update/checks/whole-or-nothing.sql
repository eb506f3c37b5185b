-- claim: A transfer whose session is lost half-way happened as a whole, row and money, or not at all.
-- need: exactly
-- unit: accounts
-- figure:
WITH booked AS (
    SELECT c.*
    FROM cuts c
    JOIN transfers t ON t.id = c.id
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
  AND before.id >= 2000
  AND after.balance <> before.balance + coalesce(flow.amount, 0);
-- needs:
-- A session that stood at the gate of its cut must be gone. One that ended before, say
-- as the victim of a deadlock, left nothing to cut.
SELECT 'transfer ' || c.id || ' should have lost its session at gate ' || c.cut_at AS missing
FROM cuts c
JOIN ops o ON json_extract(o.params, '$.id') = c.id
LEFT JOIN faults f ON f.op = o.op
WHERE c.cut_at IS NOT NULL
  AND coalesce(f.effect, 0) <> 1
  AND EXISTS (SELECT 1 FROM gates g WHERE g.op = o.op AND g.no = c.cut_at)
UNION ALL
SELECT 'the transfers whose sessions are lost'
WHERE (SELECT count(*) FROM ops o JOIN phases p USING (phase) WHERE p.name = 'cuts') < (SELECT count(*) FROM cuts);
-- counterexamples:
WITH outcome AS (
    SELECT c.*, coalesce(t.status, 'no row') AS status
    FROM cuts c
    LEFT JOIN transfers t ON t.id = c.id AND t.phase = (SELECT max(phase) FROM transfers)
), flow AS (
    SELECT account, duel, sum(amount) AS amount, group_concat(says, '; ') AS says
    FROM (SELECT to_id AS account, duel,
                 CASE status WHEN 'booked' THEN amount ELSE 0 END AS amount,
                 printf('%d→%d %d%s %s', from_id, to_id, amount,
                        coalesce(' cut at gate ' || cut_at || ':', ''), status) AS says
          FROM outcome
          UNION ALL
          SELECT from_id, duel,
                 CASE status WHEN 'booked' THEN -amount ELSE 0 END,
                 printf('%d→%d %d%s %s', from_id, to_id, amount,
                        coalesce(' cut at gate ' || cut_at || ':', ''), status)
          FROM outcome)
    GROUP BY account
)
SELECT 'cut ' || flow.duel AS "where",
       before.id AS account,
       before.balance AS before,
       before.balance + flow.amount AS expected,
       after.balance AS got,
       flow.says AS transfers
FROM accounts before
JOIN accounts after ON after.id = before.id AND after.phase = (SELECT max(phase) FROM accounts)
LEFT JOIN flow ON flow.account = before.id
WHERE before.phase = (SELECT min(phase) FROM accounts)
  AND before.id >= 2000
  AND after.balance <> before.balance + coalesce(flow.amount, 0)
ORDER BY before.id;
