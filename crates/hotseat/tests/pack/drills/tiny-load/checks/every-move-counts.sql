-- claim: Each shelf has what the moves brought and took.
-- need: at most
-- unit: shelves
-- figure:
WITH flow AS (
    SELECT json_extract(params, '$.from_id') AS id, -1 AS items FROM ops
    UNION ALL SELECT json_extract(params, '$.to_id'), 1 FROM ops
)
SELECT 0 AS need, count(*) AS got, NULL AS par
FROM shelves AS before
JOIN shelves AS after USING (id)
WHERE before.phase = 1 AND after.phase = 4
  AND after.items <> before.items + (SELECT coalesce(sum(items), 0) FROM flow WHERE flow.id = before.id);
-- needs:
SELECT 'the moves' AS missing WHERE (SELECT count(*) FROM ops) < 16;
-- counterexamples:
WITH flow AS (
    SELECT json_extract(params, '$.from_id') AS id, -1 AS items FROM ops
    UNION ALL SELECT json_extract(params, '$.to_id'), 1 FROM ops
)
SELECT id AS shelf, before.items AS before, after.items AS after
FROM shelves AS before
JOIN shelves AS after USING (id)
WHERE before.phase = 1 AND after.phase = 4
  AND after.items <> before.items + (SELECT coalesce(sum(items), 0) FROM flow WHERE flow.id = before.id)
ORDER BY id;
