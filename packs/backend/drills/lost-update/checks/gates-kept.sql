-- claim: Every transfer of the duels and cuts that left a row stood at a gate on its way.
-- need: exactly
-- unit: transfers past the gates
-- figure:
-- Writing the row alone leads through one. Without gates nothing is interleaved inside a
-- statement and no session is cut, so whoever switches them off has shown nothing.
SELECT 0 AS need, count(*) AS got, NULL AS par
FROM ops o
JOIN phases p ON p.phase = o.phase AND p.name IN ('duels', 'cuts')
WHERE o.op NOT IN (SELECT op FROM gates)
  AND json_extract(o.params, '$.id') IN (SELECT id FROM transfers
                                         WHERE phase = (SELECT max(phase) FROM transfers));
-- needs:
SELECT 'gates at which the reference stood' AS missing
WHERE EXISTS (SELECT 1 FROM par.ops) AND NOT EXISTS (SELECT 1 FROM par.gates);
-- counterexamples:
SELECT rtrim(p.name, 's') || ' ' || o.grp AS "where",
       json_extract(o.params, '$.id') AS transfer,
       printf('%d pays %d to %d', json_extract(o.params, '$.from_id'),
              json_extract(o.params, '$.amount'), json_extract(o.params, '$.to_id')) AS sent,
       'no gate, as after RESET ALL or DISCARD ALL' AS passed
FROM ops o
JOIN phases p ON p.phase = o.phase AND p.name IN ('duels', 'cuts')
WHERE o.op NOT IN (SELECT op FROM gates)
  AND json_extract(o.params, '$.id') IN (SELECT id FROM transfers
                                         WHERE phase = (SELECT max(phase) FROM transfers))
ORDER BY o.op;
