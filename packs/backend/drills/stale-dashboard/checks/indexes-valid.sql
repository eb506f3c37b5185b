-- claim: Every index that you leave behind is valid.
-- need: exactly
-- unit: invalid indexes
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM relations WHERE invalid;
-- counterexamples:
SELECT relation AS invalid_index FROM relations WHERE invalid ORDER BY relation;
