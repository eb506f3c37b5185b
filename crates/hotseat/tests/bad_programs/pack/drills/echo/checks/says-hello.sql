-- claim: Every answer says hello.
-- need: exactly
-- unit: other answers
-- with:
WITH said AS (
  SELECT c.no, c.instance, coalesce(e.reason, e.status || ' ' || e.answer, 'nothing was sent') AS got
  FROM visits c LEFT JOIN exchanges e ON e.source = 'visits' AND e.no = c.no
)
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM said WHERE got <> '200 hello';
-- counterexamples:
SELECT no, instance, got FROM said WHERE got <> '200 hello' ORDER BY no;
