-- claim: Moving items neither makes nor loses any.
-- need: exactly
-- unit: items too many
-- figure:
SELECT 0 AS need, coalesce(max(abs(surplus)), 0) AS got, NULL AS par
FROM (
    SELECT sum(CASE phase WHEN 1 THEN -items ELSE items END) AS surplus
    FROM shelves GROUP BY CASE WHEN id <= 10 THEN (id + 1) / 2 ELSE 0 END
);
-- needs:
SELECT 'the shelves before and after' AS missing WHERE (SELECT count(DISTINCT phase) FROM shelves) < 2;
-- counterexamples:
SELECT min(id) AS "first shelf", sum(CASE phase WHEN 1 THEN -items ELSE items END) AS surplus
FROM shelves
GROUP BY CASE WHEN id <= 10 THEN (id + 1) / 2 ELSE 0 END
HAVING surplus <> 0
ORDER BY 1;
