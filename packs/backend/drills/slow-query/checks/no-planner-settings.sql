-- claim: The planner decides by itself: no settings kept, no false figures about columns.
-- need: at most
-- unit: settings
-- figure:
WITH found AS (
    SELECT place, setting FROM settings WHERE setting NOT IN (SELECT setting FROM par.settings)
    UNION
    SELECT file, 'set_config' FROM handed_in WHERE slot = 'query' AND lower(content) LIKE '%set_config%'
)
SELECT 0 AS need, count(*) AS got, NULL AS par FROM found;
-- counterexamples:
WITH found AS (
    SELECT place, setting FROM settings WHERE setting NOT IN (SELECT setting FROM par.settings)
    UNION
    SELECT file, 'set_config' FROM handed_in WHERE slot = 'query' AND lower(content) LIKE '%set_config%'
)
SELECT place, setting FROM found ORDER BY place, setting;
