-- claim: The same payment under the same key gets the same status and the same payment again, on each instance, however its JSON is written.
-- need: exactly
-- unit: replays with another answer
-- with:
WITH sent AS (
  SELECT r.talk, r.step, r.what, r.expect, e.exchange, e.status, e.reason,
         CASE WHEN json_valid(e.answer) THEN coalesce(e.answer ->> '$.id', e.answer ->> '$.payment') END AS id
  FROM replays r LEFT JOIN exchanges e ON e.source = 'replays' AND e.no = r.no
  WHERE r.talk < 100 AND r.step <> 4
),
wrong AS (
  SELECT s.*, f.id AS first_id, CASE
    WHEN s.status IS NULL THEN coalesce(s.reason, 'no answer')
    WHEN s.status <> s.expect THEN 'status ' || s.status || ' instead of ' || s.expect
    WHEN s.id IS NULL THEN 'the answer names no payment'
    WHEN s.id <> f.id THEN 'another payment: ' || s.id || ' instead of ' || f.id
  END AS why
  FROM sent s JOIN sent f ON f.talk = s.talk AND f.step = 1
)
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM wrong WHERE why IS NOT NULL;
-- counterexamples:
SELECT talk AS customer, what AS step, why, exchange FROM wrong WHERE why IS NOT NULL ORDER BY talk, step;
