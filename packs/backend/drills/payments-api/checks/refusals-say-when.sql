-- claim: Every 503 says in `Retry-After` when to come again.
-- need: exactly
-- unit: 503s that do not
-- with:
WITH silent AS (
  SELECT e.exchange, e.path, e.instance, p.name AS "when" FROM exchanges e JOIN phases p USING (phase)
  WHERE e.status = 503 AND e.method = 'POST'
    AND NOT EXISTS (SELECT 1 FROM json_each(e.answer_headers) h WHERE lower(h.value ->> 0) = 'retry-after')
)
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM silent;
-- needs:
SELECT 'no answer was a 503' AS missing WHERE NOT EXISTS (SELECT 1 FROM exchanges WHERE status = 503);
-- counterexamples:
SELECT "when", instance, path, exchange FROM silent ORDER BY exchange;
