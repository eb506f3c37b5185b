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
),
-- A request that got no answer or a 503, and of its three seconds spent one in the queue for a core: the service's own
-- time limits may have run out.
starved AS (
  SELECT e.no, e.exchange, d.lasted_us, d.late_us FROM exchanges e JOIN delays d USING (exchange)
  WHERE e.source = 'visits' AND (e.status IS NULL OR e.status IN (503, 504)) AND d.late_us >= 1000000
)
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM wrong WHERE why IS NOT NULL;
-- counterexamples:
SELECT talk AS customer, what AS step, method || ' ' || path AS request, why, reference AS payment
FROM wrong WHERE why IS NOT NULL ORDER BY talk, step;
-- unless:
-- Who could not pay has nothing to look at.
SELECT 'this machine was too busy to judge it: of the ' || (lasted_us / 1000) || ' ms that exchange ' || exchange
       || ' took, ' || (late_us / 1000) || ' ms were spent waiting for a core; close what else runs on it, and judge again' AS why
FROM starved WHERE NOT EXISTS (
  SELECT 1 FROM wrong w WHERE NOT EXISTS (SELECT 1 FROM starved s JOIN visits v USING (no) WHERE v.talk = w.talk AND v.step <= w.step)
    AND w.why IS NOT NULL
)
ORDER BY late_us DESC LIMIT 1;
