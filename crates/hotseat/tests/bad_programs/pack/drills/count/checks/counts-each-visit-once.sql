-- claim: Every visitor is told the number of his visit, also after one whose answer was lost.
-- need: exactly
-- unit: visitors told otherwise
-- with:
WITH told AS (
  SELECT v.no, v.expect, coalesce(e.answer, e.reason) AS got FROM visits v
  LEFT JOIN exchanges e ON e.source = 'visits' AND e.no = v.no
),
wrong AS (SELECT * FROM told WHERE expect IS NOT NULL AND got IS NOT CAST(expect AS TEXT))
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM wrong;
-- needs:
SELECT 'no instance was killed' AS missing WHERE NOT EXISTS (SELECT 1 FROM wrong)
  AND NOT EXISTS (SELECT 1 FROM faults WHERE effect = 1)
UNION ALL
SELECT 'no INCR went through the relays' WHERE NOT EXISTS (SELECT 1 FROM wrong)
  AND NOT EXISTS (SELECT 1 FROM messages WHERE component = 'cache' AND kind = 'command' AND label LIKE 'INCR%');
-- counterexamples:
SELECT no AS visitor, expect AS expected, got FROM wrong ORDER BY no;
