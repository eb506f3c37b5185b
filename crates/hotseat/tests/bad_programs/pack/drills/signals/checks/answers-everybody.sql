-- claim: Every visitor hears hello, also one whose instance is told to end or stands still.
-- need: exactly
-- unit: other answers
-- with:
WITH said AS (
  SELECT v.no, coalesce(e.status || ' ' || e.answer, e.reason, 'nothing was sent') AS got
  FROM visits v LEFT JOIN exchanges e ON e.source = 'visits' AND e.no = v.no
)
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM said WHERE got <> '200 hello';
-- needs:
SELECT 'the fault `' || kind || '` happened to no visitor' AS missing FROM faults
WHERE NOT EXISTS (SELECT 1 FROM said WHERE got <> '200 hello') GROUP BY kind HAVING max(effect) = 0;
-- counterexamples:
SELECT no, got FROM said WHERE got <> '200 hello' ORDER BY no;
