-- claim: With nobody else about, every transfer is booked or refused as the rules say, and moves exactly its amount.
-- need: exactly
-- unit: differences
-- figure:
WITH RECURSIVE replay (no, balances, expected) AS (
    SELECT 0, json_group_object(id, balance), NULL
    FROM accounts
    WHERE phase = (SELECT min(phase) FROM accounts) AND id <= 8
    UNION ALL
    SELECT o.no,
           CASE WHEN json_extract(r.balances, '$."' || o.from_id || '"') < o.amount THEN r.balances
                ELSE json_set(r.balances,
                              '$."' || o.from_id || '"', json_extract(r.balances, '$."' || o.from_id || '"') - o.amount,
                              '$."' || o.to_id   || '"', json_extract(r.balances, '$."' || o.to_id   || '"') + o.amount)
           END,
           CASE WHEN json_extract(r.balances, '$."' || o.from_id || '"') < o.amount THEN 'refused' ELSE 'booked' END
    FROM replay r
    JOIN orderly o ON o.no = r.no + 1
), difference AS (
    SELECT o.id
    FROM replay r
    JOIN orderly o ON o.no = r.no
    LEFT JOIN transfers t ON t.id = o.id AND t.phase = (SELECT max(phase) FROM transfers)
    WHERE t.id IS NULL
       OR (t.from_id, t.to_id, t.amount, t.status) IS NOT (o.from_id, o.to_id, o.amount, r.expected)
    UNION ALL
    SELECT a.id
    FROM accounts a
    JOIN json_each((SELECT balances FROM replay ORDER BY no DESC LIMIT 1)) b ON CAST(b.key AS integer) = a.id
    WHERE a.phase = (SELECT max(phase) FROM accounts)
      AND a.balance <> b.value
)
SELECT 0 AS need, count(*) AS got, NULL AS par
FROM difference;
-- needs:
SELECT 'the transfers that were sent one at a time' AS missing
WHERE (SELECT count(*) FROM orderly) < 200
   OR (SELECT count(*) FROM ops o JOIN phases p USING (phase) WHERE p.name = 'one at a time') < 200;
-- counterexamples:
WITH RECURSIVE replay (no, balances, expected) AS (
    SELECT 0, json_group_object(id, balance), NULL
    FROM accounts
    WHERE phase = (SELECT min(phase) FROM accounts) AND id <= 8
    UNION ALL
    SELECT o.no,
           CASE WHEN json_extract(r.balances, '$."' || o.from_id || '"') < o.amount THEN r.balances
                ELSE json_set(r.balances,
                              '$."' || o.from_id || '"', json_extract(r.balances, '$."' || o.from_id || '"') - o.amount,
                              '$."' || o.to_id   || '"', json_extract(r.balances, '$."' || o.to_id   || '"') + o.amount)
           END,
           CASE WHEN json_extract(r.balances, '$."' || o.from_id || '"') < o.amount THEN 'refused' ELSE 'booked' END
    FROM replay r
    JOIN orderly o ON o.no = r.no + 1
), difference AS (
    SELECT 1 AS kind, o.no,
           'transfer ' || o.id AS what,
           printf('%d pays %d to %d', o.from_id, o.amount, o.to_id) AS sent,
           'account ' || o.from_id || ' holds ' || json_extract(before.balances, '$."' || o.from_id || '"') AS before,
           r.expected,
           CASE WHEN t.id IS NULL THEN 'no row'
                WHEN t.status <> r.expected THEN t.status
                ELSE printf('a row that says: %d pays %d to %d', t.from_id, t.amount, t.to_id)
           END AS got
    FROM replay r
    JOIN replay before ON before.no = r.no - 1
    JOIN orderly o ON o.no = r.no
    LEFT JOIN transfers t ON t.id = o.id AND t.phase = (SELECT max(phase) FROM transfers)
    WHERE t.id IS NULL
       OR (t.from_id, t.to_id, t.amount, t.status) IS NOT (o.from_id, o.to_id, o.amount, r.expected)
    UNION ALL
    SELECT 2, a.id, 'account ' || a.id, '', '', b.value, a.balance
    FROM accounts a
    JOIN json_each((SELECT balances FROM replay ORDER BY no DESC LIMIT 1)) b ON CAST(b.key AS integer) = a.id
    WHERE a.phase = (SELECT max(phase) FROM accounts)
      AND a.balance <> b.value
)
SELECT what, sent, before, expected, got
FROM difference
ORDER BY kind, no;
