-- claim: Everything that you add fits into the space that you have for it.
-- need: at most
-- unit: kB
-- figure:
-- Measured: views and summaries 2,100 to 2,600 kB; an index over all orders 9,136, sums by the hour 17,616.
SELECT 5120 AS need, (ifnull(sum(bytes), 0) + 1023) / 1024 AS got,
       (SELECT (ifnull(sum(bytes), 0) + 1023) / 1024 FROM par.relations) AS par
FROM relations;
-- counterexamples:
SELECT relation, kind, bytes / 1024 AS kB
FROM relations
WHERE (SELECT (sum(bytes) + 1023) / 1024 FROM relations) > 5120
ORDER BY bytes DESC;
