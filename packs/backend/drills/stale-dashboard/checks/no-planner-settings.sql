-- claim: No planner setting is changed, for a role, a function or a session.
-- need: exactly
-- unit: settings
-- figure:
WITH planner (pattern) AS (
    VALUES ('enable!_%'), ('%!_cost'), ('plan!_cache!_mode'), ('%!_collapse!_limit'), ('geqo%'), ('jit%'),
           ('cursor!_tuple!_fraction'), ('effective!_cache!_size'), ('constraint!_exclusion'), ('default!_statistics!_target')
), found AS (
    SELECT tied_to AS place, setting AS what FROM settings
    WHERE EXISTS (SELECT 1 FROM planner WHERE substr(setting, 1, instr(setting, '=') - 1) LIKE pattern ESCAPE '!')
    UNION
    SELECT file, 'enable_…' FROM handed_in WHERE content LIKE '%set%enable!_%' ESCAPE '!'
    UNION
    SELECT file, 'plan_cache_mode' FROM handed_in WHERE content LIKE '%set%plan!_cache!_mode%' ESCAPE '!'
    UNION
    SELECT file, '…_page_cost' FROM handed_in WHERE content LIKE '%set%!_page!_cost%' ESCAPE '!'
)
SELECT 0 AS need, count(*) AS got, NULL AS par FROM found;
-- counterexamples:
WITH planner (pattern) AS (
    VALUES ('enable!_%'), ('%!_cost'), ('plan!_cache!_mode'), ('%!_collapse!_limit'), ('geqo%'), ('jit%'),
           ('cursor!_tuple!_fraction'), ('effective!_cache!_size'), ('constraint!_exclusion'), ('default!_statistics!_target')
), found AS (
    SELECT tied_to AS place, setting AS what FROM settings
    WHERE EXISTS (SELECT 1 FROM planner WHERE substr(setting, 1, instr(setting, '=') - 1) LIKE pattern ESCAPE '!')
    UNION
    SELECT file, 'enable_…' FROM handed_in WHERE content LIKE '%set%enable!_%' ESCAPE '!'
    UNION
    SELECT file, 'plan_cache_mode' FROM handed_in WHERE content LIKE '%set%plan!_cache!_mode%' ESCAPE '!'
    UNION
    SELECT file, '…_page_cost' FROM handed_in WHERE content LIKE '%set%!_page!_cost%' ESCAPE '!'
)
SELECT place, what AS setting FROM found ORDER BY place, what;
