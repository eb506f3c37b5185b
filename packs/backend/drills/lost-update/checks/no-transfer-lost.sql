-- claim: Every transfer ends with its row, booked or refused, whatever it ran into.
-- need: exactly
-- unit: transfers without a row
-- figure:
-- Left out: those whose session we cut, and those of the rush and the cuts that were
-- still being retried when their twenty tries were used up. How many tries a hot account
-- costs, or a dead session's lock, depends on the machine; giving up does not.
SELECT 0 AS need, count(*) AS got, NULL AS par
FROM ops o
JOIN phases p ON p.phase = o.phase
LEFT JOIN cuts c ON c.id = json_extract(o.params, '$.id')
WHERE c.cut_at IS NULL
  AND NOT (p.name IN ('cuts', 'rush') AND o.tries >= 20)
  AND json_extract(o.params, '$.id') NOT IN (SELECT id FROM transfers
                                             WHERE phase = (SELECT max(phase) FROM transfers));
-- needs:
SELECT 'some of the transfers were never sent' AS missing
WHERE (SELECT count(*) FROM ops)
    < (SELECT count(*) FROM orderly) + (SELECT count(*) FROM duels)
    + (SELECT count(*) FROM cuts)    + (SELECT count(*) FROM rush);
-- counterexamples:
SELECT CASE WHEN p.name IN ('duels', 'cuts') THEN rtrim(p.name, 's') || ' ' || o.grp ELSE p.name END AS "where",
       json_extract(o.params, '$.id') AS transfer,
       printf('%d pays %d to %d', json_extract(o.params, '$.from_id'),
              json_extract(o.params, '$.amount'), json_extract(o.params, '$.to_id')) AS sent,
       CASE o.outcome WHEN 'done' THEN 'done, but left no row'
                      ELSE coalesce(o.sqlstate || ': ', '') || coalesce(o.reason, o.outcome) END AS ended,
       o.tries
FROM ops o
JOIN phases p ON p.phase = o.phase
LEFT JOIN cuts c ON c.id = json_extract(o.params, '$.id')
WHERE c.cut_at IS NULL
  AND NOT (p.name IN ('cuts', 'rush') AND o.tries >= 20)
  AND json_extract(o.params, '$.id') NOT IN (SELECT id FROM transfers
                                             WHERE phase = (SELECT max(phase) FROM transfers))
ORDER BY p.phase, o.op;
