-- claim: You made at most four indexes.
-- need: at most
-- unit: indexes
-- Right answers need three; the fourth is room for another idea.
-- figure:
SELECT 4 AS need, count(*) AS got, (SELECT count(*) FROM par.indexes WHERE component = 'full') AS par
FROM indexes
WHERE component = 'full';
-- counterexamples:
SELECT name AS "index", round(bytes / 1e6, 1) AS mb
FROM indexes
WHERE component = 'full' AND (SELECT count(*) FROM indexes WHERE component = 'full') > 4
ORDER BY bytes, name;
