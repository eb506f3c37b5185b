-- claim: Everything that you add fits into the space that you have for it.
-- need: at most
-- unit: kB
-- figure:
SELECT 8192 AS need, (ifnull(sum(bytes), 0) + 1023) / 1024 AS got,
       (SELECT (ifnull(sum(bytes), 0) + 1023) / 1024 FROM par.relations) AS par
FROM relations;
-- counterexamples:
SELECT relation, kind, bytes / 1024 AS kB
FROM relations
WHERE (SELECT (sum(bytes) + 1023) / 1024 FROM relations) > 8192
ORDER BY bytes DESC;
