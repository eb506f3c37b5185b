-- claim: After each accident, and while an instance is frozen, the same key, sent again on either instance, leads to the one payment, and the next customer notices nothing.
-- need: exactly
-- unit: payments that are not settled
-- with:
WITH last AS (
  SELECT r.no, r.accident, r.step, r.what, r.key, e.status, e.reason, e.try, e.instance,
         CASE WHEN json_valid(e.answer) THEN e.answer ->> '$.id' END AS id
  FROM retries r LEFT JOIN exchanges e ON e.source = 'retries' AND e.no = r.no
  WHERE e.try IS NULL OR e.try = (SELECT max(try) FROM exchanges x WHERE x.source = 'retries' AND x.no = r.no)
),
wrong AS (
  SELECT l.no, l.what AS accident, l.key, l.instance, CASE
    WHEN l.status IS NULL THEN coalesce(l.reason, 'no answer')
    WHEN l.status <> 201 THEN 'status ' || l.status || ' after ' || l.try || iif(l.try = 1, ' try', ' tries')
    WHEN l.id IS NULL THEN 'the answer names no payment'
    WHEN l.id IS NOT f.id THEN 'another payment than before: ' || l.id
  END AS why
  FROM last l JOIN last f ON f.accident = l.accident AND f.step = 1
  UNION ALL
  SELECT a.no, a.what || ', and still frozen', a.key, e.instance,
         coalesce('status ' || e.status, e.reason, 'no answer') || ' after ' || e.try || iif(e.try = 1, ' try', ' tries')
  FROM accidents a JOIN exchanges e ON e.source = 'accidents' AND e.no = a.no
  WHERE a.step = 2 AND e.status IS NOT 201
    AND e.try = (SELECT max(try) FROM exchanges x WHERE x.source = 'accidents' AND x.no = a.no)
  UNION ALL
  SELECT a.no, 'none: the accidents before it were over', a.key, e.instance, coalesce('status ' || e.status, e.reason)
  FROM accidents a JOIN exchanges e ON e.source = 'accidents' AND e.no = a.no
  JOIN faults f ON f.op = e.exchange AND f.effect = 0
  WHERE e.status IS NOT 201
)
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM wrong WHERE why IS NOT NULL;
-- needs:
SELECT 'the accident `' || kind || '` happened to no payment' AS missing FROM faults
WHERE NOT EXISTS (SELECT 1 FROM wrong WHERE why IS NOT NULL) GROUP BY kind HAVING max(effect) = 0;
-- counterexamples:
SELECT accident, key, instance, why FROM wrong WHERE why IS NOT NULL ORDER BY no;
