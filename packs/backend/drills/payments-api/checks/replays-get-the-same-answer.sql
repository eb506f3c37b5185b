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
),
-- A request that got no answer or a 503, and of its three seconds spent one in the queue for a core: the service's own
-- time limits may have run out.
starved AS (
  SELECT e.no, e.exchange, d.lasted_us, d.late_us FROM exchanges e JOIN delays d USING (exchange)
  WHERE e.source = 'replays' AND (e.status IS NULL OR e.status IN (503, 504)) AND d.late_us >= 1000000
)
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM wrong WHERE why IS NOT NULL;
-- counterexamples:
SELECT talk AS customer, what AS step, why, exchange FROM wrong WHERE why IS NOT NULL ORDER BY talk, step;
-- unless:
-- Where the first payment named none, no replay can name the same.
SELECT 'this machine was too busy to judge it: of the ' || (lasted_us / 1000) || ' ms that exchange ' || exchange
       || ' took, ' || (late_us / 1000) || ' ms were spent waiting for a core; close what else runs on it, and judge again' AS why
FROM starved WHERE NOT EXISTS (
  SELECT 1 FROM wrong w WHERE w.why IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM starved s JOIN replays r USING (no) WHERE r.talk = w.talk AND (s.exchange = w.exchange OR r.step = 1))
)
ORDER BY late_us DESC LIMIT 1;
