-- claim: The planner decides by itself: no settings kept, no false figures about columns.
-- need: at most
-- unit: settings
-- Roles are shared by both runs, so each side's own role is left out of the other's list.
-- figure:
WITH usual AS (SELECT setting FROM par.settings WHERE place <> 'role learner'),
found AS (
    SELECT place, setting FROM settings WHERE place <> 'role reference' AND setting NOT IN (SELECT setting FROM usual)
    UNION
    SELECT file, 'set_config' FROM handed_in WHERE slot = 'query' AND lower(content) LIKE '%set_config%'
)
SELECT 0 AS need, count(*) AS got, NULL AS par FROM found;
-- counterexamples:
WITH usual AS (SELECT setting FROM par.settings WHERE place <> 'role learner'),
found AS (
    SELECT place, setting FROM settings WHERE place <> 'role reference' AND setting NOT IN (SELECT setting FROM usual)
    UNION
    SELECT file, 'set_config' FROM handed_in WHERE slot = 'query' AND lower(content) LIKE '%set_config%'
)
SELECT place, setting FROM found ORDER BY place, setting;
