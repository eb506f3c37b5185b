-- claim: Visitors who come while others are still being answered meet them.
-- need: exactly
-- unit: visitors who met nobody
-- with:
WITH said AS (
  SELECT c.no, coalesce(e.status || ' ' || e.answer, e.reason, 'nothing was sent') AS got
  FROM crowd c LEFT JOIN exchanges e ON e.source = 'crowd' AND e.no = c.no
)
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM said WHERE got <> '200 together';
-- counterexamples:
SELECT no, got FROM said WHERE got <> '200 together' ORDER BY no;
