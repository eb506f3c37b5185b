-- claim: Transfers that share no account do not hold each other up.
-- need: exactly
-- unit: waits between strangers
-- figure:
-- Trying again and again instead of waiting is waiting too. Three tries are free:
-- SERIALIZABLE may take neighbours on an index page for a conflict.
WITH transfer AS (
    SELECT op, grp, phase, tries,
           json_extract(params, '$.from_id') AS from_id,
           json_extract(params, '$.to_id')   AS to_id
    FROM ops
    JOIN phases p USING (phase)
    WHERE p.name = 'duels'
), hindrance AS (
    SELECT w.op
    FROM waits w
    JOIN transfer a ON a.op = w.op
    JOIN transfer b ON b.op = w.holder
    WHERE a.from_id NOT IN (b.from_id, b.to_id) AND a.to_id NOT IN (b.from_id, b.to_id)
    UNION ALL
    SELECT a.op
    FROM transfer a
    WHERE a.tries > 3
      AND NOT EXISTS (SELECT 1 FROM transfer b
                      WHERE b.grp = a.grp AND b.op <> a.op
                        AND (a.from_id IN (b.from_id, b.to_id) OR a.to_id IN (b.from_id, b.to_id)))
)
SELECT 0 AS need, count(*) AS got, NULL AS par
FROM hindrance;
-- needs:
SELECT 'transfers between strangers' AS missing
WHERE (SELECT count(*) FROM ops o JOIN phases p USING (phase) WHERE p.name = 'duels') < (SELECT count(*) FROM duels);
-- counterexamples:
WITH transfer AS (
    SELECT op, grp, phase, tries,
           json_extract(params, '$.from_id') AS from_id,
           json_extract(params, '$.to_id')   AS to_id
    FROM ops
    JOIN phases p USING (phase)
    WHERE p.name = 'duels'
), hindrance AS (
    SELECT a.grp, a.op,
           printf('%d to %d', a.from_id, a.to_id) AS transfer,
           printf('waits for %d to %d', b.from_id, b.to_id) AS "held up",
           coalesce('line ' || w.line || ': ', '') || coalesce(w.lock, 'a lock')
               || coalesce(' on ' || w.relation, '') AS "by"
    FROM waits w
    JOIN transfer a ON a.op = w.op
    JOIN transfer b ON b.op = w.holder
    WHERE a.from_id NOT IN (b.from_id, b.to_id) AND a.to_id NOT IN (b.from_id, b.to_id)
    UNION ALL
    SELECT a.grp, a.op,
           printf('%d to %d', a.from_id, a.to_id),
           'starts ' || a.tries || ' times',
           'its own retries'
    FROM transfer a
    WHERE a.tries > 3
      AND NOT EXISTS (SELECT 1 FROM transfer b
                      WHERE b.grp = a.grp AND b.op <> a.op
                        AND (a.from_id IN (b.from_id, b.to_id) OR a.to_id IN (b.from_id, b.to_id)))
)
SELECT 'duel ' || grp AS "where", transfer, "held up", "by"
FROM hindrance
ORDER BY op;
