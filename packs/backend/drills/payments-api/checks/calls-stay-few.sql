-- claim: While the gateway is down, a breaker keeps calls away from it: 200 payments make 60 calls at most.
-- need: at most
-- unit: calls
-- with:
WITH made AS (SELECT c.* FROM calls c JOIN outage o ON o.reference = c.reference WHERE c.conduct = '503')
-- figure:
SELECT 60 AS need, count(*) AS got, NULL AS par FROM made;
-- needs:
SELECT 'not all payments were sent' AS missing WHERE (SELECT count(*) FROM exchanges WHERE source = 'outage') < 200;
-- counterexamples:
SELECT instance, count(*) AS calls, count(DISTINCT reference) AS payments,
       round(1.0 * count(*) / count(DISTINCT reference), 1) AS calls_per_payment
FROM made WHERE (SELECT count(*) FROM made) > 60 GROUP BY instance;
-- unless:
-- A breaker lets a probe through every now and then, so a phase that lasts longer has more of them: each instance may
-- have made one for each second that was lost in the queue for a core.
SELECT 'this machine was too busy to judge it: while the gateway was down, ' || lost_s || ' s were spent waiting for a core, '
       || 'and a breaker may have probed all the while; close what else runs on it, and judge again' AS why
FROM (
  SELECT phase, sum(late_us) / 1000000 AS lost_s FROM (
    SELECT phase, min(sum(late_us), ended_us - started_us) AS late_us FROM lateness
    WHERE component <> 'machine' OR NOT EXISTS (SELECT 1 FROM lateness WHERE component <> 'machine')
    GROUP BY phase, started_us
  ) GROUP BY phase
)
WHERE phase = (SELECT max(phase) FROM made)
  AND (SELECT count(*) FROM made) - 60 <= lost_s * (SELECT count(DISTINCT instance) FROM made);
