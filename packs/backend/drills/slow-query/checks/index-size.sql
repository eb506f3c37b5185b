-- claim: Your indexes take at most 150 MB in the full shop.
-- need: at most
-- unit: MB
-- Measured: right answers 44 to 121, the wrong answer filed here 215.
-- figure:
SELECT 150 AS need,
       round(coalesce(sum(bytes), 0) / 1e6, 1) AS got,
       (SELECT round(coalesce(sum(bytes), 0) / 1e6, 1) FROM par.indexes WHERE component = 'full') AS par
FROM indexes
WHERE component = 'full';
-- counterexamples:
SELECT name AS "index", round(bytes / 1e6, 1) AS mb
FROM indexes
WHERE component = 'full'
  AND (SELECT round(sum(bytes) / 1e6, 1) FROM indexes WHERE component = 'full') > 150
ORDER BY bytes, name;
