-- claim: For every payment the answers, the service's list and the gateway agree: captured once and charged once, or neither.
-- need: exactly
-- unit: payments on which they differ
-- with:
WITH known AS (
  SELECT DISTINCT reference, amount FROM replays WHERE talk < 100 AND step = 1
  UNION SELECT DISTINCT reference, amount FROM twins
  UNION SELECT DISTINCT reference, amount FROM accidents
),
listed AS (
  SELECT item.value ->> '$.reference' AS reference, item.value ->> '$.amount' AS amount, item.value ->> '$.status' AS status
  FROM exchanges e, json_each(CASE WHEN e.status = 200 AND json_valid(e.answer) THEN e.answer END, '$.data') AS item
  WHERE e.source = 'audit'
),
answered AS (
  SELECT DISTINCT answer ->> '$.reference' AS reference FROM exchanges
  WHERE method = 'POST' AND status = 201 AND json_valid(answer)
),
summed AS (
  SELECT k.reference, k.amount,
         EXISTS (SELECT 1 FROM answered a WHERE a.reference = k.reference) AS answered,
         (SELECT count(*) FROM listed l WHERE l.reference = k.reference AND l.status = 'captured') AS captured,
         (SELECT count(*) FROM listed l WHERE l.reference = k.reference) AS rows,
         (SELECT count(*) FROM charges c WHERE c.reference = k.reference) AS charges,
         (SELECT count(*) FROM charges c WHERE c.reference = k.reference AND c.amount <> k.amount)
           + (SELECT count(*) FROM listed l WHERE l.reference = k.reference AND l.amount <> k.amount) AS other_amounts
  FROM known k
),
wrong AS (
  SELECT *, CASE
    WHEN rows > 1 THEN rows || ' rows in the list'
    WHEN answered AND captured = 0 THEN 'answered 201, and not in the list as captured'
    WHEN answered AND charges = 0 THEN 'answered 201, and never charged'
    WHEN captured > 0 AND charges = 0 THEN 'captured in the list, and never charged'
    WHEN captured = 0 AND charges > 0 THEN 'charged, and not captured in the list'
    WHEN other_amounts > 0 THEN 'another amount than was asked for'
  END AS why FROM summed
)
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM wrong WHERE why IS NOT NULL;
-- needs:
SELECT 'the books could not be read' AS missing
WHERE NOT EXISTS (SELECT 1 FROM exchanges WHERE source = 'audit' AND status IS NOT NULL);
-- counterexamples:
SELECT reference AS payment, amount, why, rows, charges FROM wrong WHERE why IS NOT NULL ORDER BY reference;
