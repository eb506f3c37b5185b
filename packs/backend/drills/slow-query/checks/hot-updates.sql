-- claim: Updates of orders stay on their page (HOT) nearly as often as without your indexes.
-- need: at least
-- unit: percent of the updates
-- Measured: 100 without indexes, 94.8 for right answers (30 of the 580 updates change the status, which
-- an index may hold), 0 for wrong ones.
-- figure:
SELECT round(100.0 * bare.hot_updates / bare.updates - 10, 1) AS need,
       round(coalesce(100.0 * w.hot_updates / nullif(w.updates, 0), 0), 1) AS got,
       round(100.0 * p.hot_updates / p.updates, 1) AS par
FROM writes w, par.writes p, par.bare_writes bare;
-- needs:
SELECT 'no update was counted' AS missing
WHERE coalesce((SELECT updates FROM par.bare_writes), 0) < 500;
-- counterexamples:
SELECT w.updates, bare.hot_updates AS hot_without_your_indexes, w.hot_updates AS hot
FROM writes w, par.bare_writes bare
WHERE round(coalesce(100.0 * w.hot_updates / nullif(w.updates, 0), 0), 1) < round(100.0 * bare.hot_updates / bare.updates - 10, 1);
