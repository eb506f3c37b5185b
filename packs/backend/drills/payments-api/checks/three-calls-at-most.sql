-- claim: No request makes more than three calls to the gateway.
-- need: at most
-- unit: calls for one request
-- with:
WITH per_payment AS (
  SELECT c.reference, c.phase, count(*) AS calls,
         (SELECT count(*) FROM exchanges e WHERE e.phase = c.phase AND e.method = 'POST' AND instr(e.body, '"' || c.reference || '"') > 0) AS requests
  FROM calls c JOIN phases p ON p.phase = c.phase
  WHERE c.method = 'POST' AND p.name IN ('calm weather', 'the gateway asks to wait', 'the gateway hangs', 'the gateway is down',
                   'two payments that never work')
  GROUP BY c.reference, c.phase
)
-- figure:
SELECT 3 AS need, coalesce(max(1.0 * calls / CASE requests WHEN 0 THEN 1 ELSE requests END), 0) AS got, NULL AS par FROM per_payment;
-- counterexamples:
SELECT p.name AS "when", reference AS payment, calls, requests FROM per_payment JOIN phases p USING (phase)
WHERE calls > 3 * CASE requests WHEN 0 THEN 1 ELSE requests END ORDER BY calls DESC, reference;
