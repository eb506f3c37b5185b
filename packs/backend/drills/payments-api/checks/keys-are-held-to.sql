-- claim: A key that came with another body is refused with 422, and a payment without a proper key with 400; neither is charged.
-- need: exactly
-- unit: requests treated otherwise
-- with:
WITH wrong AS (
  SELECT r.no, r.talk, r.what, r.expect, coalesce(CAST(e.status AS TEXT), e.reason, 'not sent') AS got, e.exchange
  FROM replays r LEFT JOIN exchanges e ON e.source = 'replays' AND e.no = r.no
  WHERE (r.talk >= 100 OR r.step = 4) AND e.status IS NOT r.expect
  UNION ALL
  SELECT r.no, r.talk, r.what, 'no charge', 'charged ' || c.amount,
         (SELECT max(exchange) FROM exchanges e WHERE e.source = 'replays' AND e.no = r.no)
  FROM replays r JOIN charges c ON c.reference = r.reference
  WHERE r.talk >= 100 OR (r.step = 4 AND c.amount <> r.amount)
)
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM wrong;
-- counterexamples:
SELECT talk AS customer, what AS step, expect AS expected, got, exchange FROM wrong ORDER BY no;
