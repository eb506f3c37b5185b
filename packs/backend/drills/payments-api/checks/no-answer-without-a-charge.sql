-- claim: Nobody is told 201 whose card the gateway has not charged.
-- need: exactly
-- unit: payments answered 201 without a charge
-- with:
WITH unpaid AS (
  SELECT e.exchange, e.instance, e.answer ->> '$.reference' AS reference, p.name AS "when"
  FROM exchanges e JOIN phases p USING (phase)
  WHERE e.method = 'POST' AND e.status = 201 AND json_valid(e.answer)
    AND NOT EXISTS (SELECT 1 FROM charges c WHERE c.reference = e.answer ->> '$.reference')
)
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM unpaid;
-- counterexamples:
SELECT "when", reference AS payment, instance FROM unpaid ORDER BY exchange;
