-- claim: Transfers move money; they neither make it nor lose it.
-- need: exactly
-- unit: groups of accounts with another total
-- figure:
WITH total AS (
    -- The rush is one group; in duels and cuts a group has ten account numbers.
    SELECT CASE WHEN id < 100 THEN 0 WHEN id < 1000 THEN 1 ELSE id / 10 END AS grp,
           sum(balance) FILTER (WHERE phase = (SELECT min(phase) FROM accounts)) AS opening,
           sum(balance) FILTER (WHERE phase = (SELECT max(phase) FROM accounts)) AS closing
    FROM accounts
    GROUP BY grp
)
SELECT 0 AS need, count(*) AS got, NULL AS par
FROM total
WHERE opening <> closing;
-- needs:
SELECT 'the balances before and after' AS missing
WHERE (SELECT count(DISTINCT phase) FROM accounts) < 2
UNION ALL
SELECT 'the transfers of the phase "' || p.name || '"'
FROM phases p
WHERE p.name IN ('duels', 'cuts', 'rush')
  AND NOT EXISTS (SELECT 1 FROM ops o WHERE o.phase = p.phase);
-- counterexamples:
WITH total AS (
    SELECT CASE WHEN id < 100 THEN 0 WHEN id < 1000 THEN 1 ELSE id / 10 END AS grp,
           sum(balance) FILTER (WHERE phase = (SELECT min(phase) FROM accounts)) AS opening,
           sum(balance) FILTER (WHERE phase = (SELECT max(phase) FROM accounts)) AS closing
    FROM accounts
    GROUP BY grp
), sent AS (
    SELECT id, from_id, to_id, amount, NULL AS cut_at FROM duels
    UNION ALL
    SELECT id, from_id, to_id, amount, cut_at FROM cuts
)
SELECT CASE WHEN grp = 0 THEN 'one at a time'
            WHEN grp = 1 THEN 'rush'
            WHEN grp < 200 THEN 'duel ' || (grp - 100)
            ELSE 'cut ' || (grp - 200)
       END AS "where",
       closing - opening AS difference,
       coalesce((SELECT group_concat(printf('%d→%d %d%s %s', s.from_id, s.to_id, s.amount,
                                            coalesce(' cut at gate ' || s.cut_at || ':', ''),
                                            coalesce(t.status, 'no row')), '; ')
                 FROM sent s
                 LEFT JOIN transfers t ON t.id = s.id AND t.phase = (SELECT max(phase) FROM transfers)
                 WHERE s.from_id / 10 = grp),
                (SELECT count(*) FROM ops o JOIN phases p USING (phase)
                 WHERE p.name = CASE grp WHEN 0 THEN 'one at a time' ELSE 'rush' END) || ' transfers') AS transfers
FROM total
WHERE opening <> closing
ORDER BY grp < 100, abs(difference), grp;
