-- claim: Whoever only looks is answered while payments hang in the gateway, and not once one of them has given up.
-- need: at most
-- unit: of 8 looks that had to wait for a payment
-- with:
-- A look had to wait if a call that hung before it was sent ended before it was answered. On a busy machine that
-- may be chance, so half of them are granted; a service that blocks makes all of them wait.
WITH looks AS (
  SELECT h.no, e.exchange, e.instance, e.path, e.started_us, e.ended_us, e.status, e.reason
  FROM hang h LEFT JOIN exchanges e ON e.source = 'hang' AND e.no = h.no WHERE h.method = 'GET'
),
waited AS (
  SELECT l.*, CASE
    WHEN status IS NOT 200 THEN coalesce('status ' || status, reason, 'not sent')
    WHEN EXISTS (SELECT 1 FROM calls c WHERE c.conduct LIKE '%hang' AND c.instance = l.instance
                 AND c.started_us < l.started_us AND c.ended_us > l.started_us AND c.ended_us < l.ended_us)
      THEN 'answered only after a hanging call had ended'
  END AS why FROM looks l
)
-- figure:
SELECT 4 AS need, count(*) AS got, NULL AS par FROM waited WHERE why IS NOT NULL;
-- needs:
SELECT 'no call hung in the gateway' AS missing WHERE NOT EXISTS (SELECT 1 FROM calls WHERE conduct LIKE '%hang')
UNION ALL
SELECT 'nobody looked while calls hung' WHERE NOT EXISTS
  (SELECT 1 FROM looks l JOIN calls c ON c.conduct LIKE '%hang' AND c.started_us < l.started_us AND c.ended_us > l.started_us);
-- counterexamples:
SELECT path, instance, why, (ended_us - started_us) / 1000 AS after_ms FROM waited
WHERE why IS NOT NULL AND (SELECT count(*) FROM waited WHERE why IS NOT NULL) > 4 ORDER BY no;
-- unless:
-- Without its wait for a core such a look was quick, so it waited for no payment: those give up after a second or more.
SELECT 'this machine was too busy to judge it: of the ' || (max(d.lasted_us) / 1000) || ' ms that a look took, '
       || (d.late_us / 1000) || ' ms were spent waiting for a core; close what else runs on it, and judge again' AS why
FROM waited w JOIN delays d USING (exchange)
WHERE w.why IS NOT NULL AND w.status = 200 AND d.lasted_us - d.late_us <= 500000
HAVING (SELECT count(*) FROM waited WHERE why IS NOT NULL) - count(*) <= 4;
