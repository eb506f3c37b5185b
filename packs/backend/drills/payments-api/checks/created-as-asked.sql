-- claim: A payment is answered with 201 (402 when the card is declined) and can be read where `Location` says, on each instance, as it was paid.
-- need: exactly
-- unit: steps that went otherwise
-- with:
WITH step AS (
  SELECT v.no, v.talk, v.step, v.what, v.expect, v.reference, v.amount, v.currency, v.card,
         e.exchange, e.status, e.outcome, e.reason, CASE WHEN json_valid(e.answer) THEN e.answer END AS answer, e.method, e.path
  FROM visits v LEFT JOIN exchanges e ON e.source = 'visits' AND e.no = v.no
),
wrong AS (
  SELECT *, CASE
    WHEN status IS NULL THEN coalesce(reason, 'no answer')
    WHEN status <> expect THEN 'status ' || status || ' instead of ' || expect
    WHEN expect = 402 THEN CASE WHEN answer ->> '$.payment' IS NULL THEN 'the problem does not name the declined payment' END
    WHEN answer IS NULL THEN 'the answer is no JSON'
    WHEN answer ->> '$.reference' IS NOT reference THEN 'reference ' || coalesce(answer ->> '$.reference', 'missing')
    WHEN json_type(answer, '$.amount') IS NOT 'integer' THEN 'the amount is no integer: ' || coalesce(answer -> '$.amount', 'missing')
    WHEN answer ->> '$.amount' <> amount THEN 'amount ' || (answer ->> '$.amount') || ' instead of ' || amount
    WHEN answer ->> '$.currency' IS NOT currency THEN 'currency ' || coalesce(answer ->> '$.currency', 'missing')
    WHEN answer ->> '$.status' IS NOT CASE card WHEN 'card_declined' THEN 'declined' ELSE 'captured' END
      THEN 'status in the body: ' || coalesce(answer ->> '$.status', 'missing')
    WHEN instr(answer, card) > 0 THEN 'the card is given back'
  END AS why FROM step
)
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM wrong WHERE why IS NOT NULL;
-- counterexamples:
SELECT talk AS customer, what AS step, method || ' ' || path AS request, why, reference AS payment
FROM wrong WHERE why IS NOT NULL ORDER BY talk, step;
