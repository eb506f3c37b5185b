-- claim: While the gateway is well, but for a single failed call now and then, every payment gets its answer: 201, or 402 for a declined card.
-- need: exactly
-- unit: payments refused in calm weather
-- with:
WITH refused AS (
  SELECT c.no, c.reference, c.expect, c.gateway, e.exchange, e.instance, e.status, e.reason, e.answer, e.started_us, e.ended_us
  FROM calm c LEFT JOIN exchanges e ON e.source = 'calm' AND e.no = c.no WHERE e.status IS NOT c.expect
),
-- A payment is to be answered within three seconds. Of one that spent one of them in the queue for a core, the
-- service's own time limits may have run out.
starved AS (
  SELECT r.*, d.lasted_us, d.late_us FROM refused r JOIN delays d USING (exchange) WHERE d.late_us >= 1000000
)
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM refused;
-- counterexamples:
SELECT reference AS payment, expect AS expected, coalesce(CAST(status AS TEXT), reason, 'not sent') AS got,
       coalesce(gateway || ' once', 'well') AS gateway, substr(answer, 1, 160) AS answer
FROM refused ORDER BY no;
-- unless:
-- Payments whose time ran out may open the breaker, which then refuses others for some seconds.
SELECT 'this machine was too busy to judge it: of the ' || (lasted_us / 1000) || ' ms that payment ' || reference
       || ' took, ' || (late_us / 1000) || ' ms were spent waiting for a core; close what else runs on it, and judge again' AS why
FROM starved
WHERE NOT EXISTS (
  SELECT 1 FROM refused r WHERE NOT EXISTS (
    SELECT 1 FROM starved s WHERE s.exchange = r.exchange
      OR (s.instance = r.instance AND r.started_us BETWEEN s.started_us AND s.ended_us + 3000000)
  )
)
ORDER BY late_us DESC LIMIT 1;
