-- claim: An instance that was told 429 with `Retry-After: 1` calls the gateway no more before that second is over.
-- need: exactly
-- unit: calls that came too early
-- with:
-- A timer that fires a little early is no breach: 50 ms are granted.
WITH told AS (SELECT instance, ended_us FROM calls WHERE status = 429),
early AS (
  SELECT c.started_us, c.instance, c.reference, t.ended_us FROM told t
  JOIN calls c ON c.instance = t.instance AND c.started_us > t.ended_us AND c.started_us < t.ended_us + 950000
)
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM early;
-- needs:
SELECT 'the gateway never asked to wait' AS missing WHERE NOT EXISTS (SELECT 1 FROM told);
-- counterexamples:
SELECT instance, reference AS payment, 'a call ' || (started_us - ended_us) / 1000 || ' ms after the 429' AS call
FROM early ORDER BY started_us;
