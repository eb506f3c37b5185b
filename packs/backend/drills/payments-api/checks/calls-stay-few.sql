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
