-- claim: Nothing of yours is unlogged: after a crash the dashboard still has its rows.
-- need: exactly
-- unit: unlogged relations
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM relations WHERE unlogged;
-- counterexamples:
SELECT relation AS empty_after_a_crash, kind FROM relations WHERE unlogged ORDER BY relation;
