-- claim: openapi.yaml is a sound OpenAPI document.
-- need: exactly
-- unit: mistakes
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM document WHERE kind = 'defect';
-- counterexamples:
SELECT line, place, what FROM document WHERE kind = 'defect' ORDER BY line, place;
