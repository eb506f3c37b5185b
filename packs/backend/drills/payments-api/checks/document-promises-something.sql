-- claim: openapi.yaml says what requests and answers look like: members, types and limits.
-- need: exactly
-- unit: places that promise nothing
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM document WHERE kind = 'vacuity';
-- counterexamples:
SELECT line, place, what FROM document WHERE kind = 'vacuity' ORDER BY line, place;
