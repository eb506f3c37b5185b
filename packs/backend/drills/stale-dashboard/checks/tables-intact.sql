-- claim: The shop's tables keep their definition and hold exactly what the shop wrote.
-- need: exactly
-- unit: differences
-- figure:
-- The reference's run has the same seed, so the shop wrote the same there.
WITH difference AS (
    SELECT shop_table, part, definition FROM par.definitions
    EXCEPT
    SELECT shop_table, part, definition FROM definitions
), changed AS (
    SELECT shop_table, part || ' lost: ' || definition AS what FROM difference
    UNION ALL
    SELECT w.shop_table, 'other rows than the shop wrote' || ' (' || p.name || ')'
    FROM par.contents AS w
    JOIN par.phases AS p USING (phase, tick)
    LEFT JOIN contents AS c USING (phase, tick, shop_table)
    WHERE (c.rows, c.ids, c.cents, c.cancelled, c.with_channel, c.days)
          IS NOT (w.rows, w.ids, w.cents, w.cancelled, w.with_channel, w.days)
)
SELECT 0 AS need, count(*) AS got, NULL AS par FROM changed;
-- needs:
SELECT 'the tables were not examined' AS missing WHERE NOT EXISTS (SELECT 1 FROM par.definitions);
-- counterexamples:
WITH difference AS (
    SELECT shop_table, part, definition FROM par.definitions
    EXCEPT
    SELECT shop_table, part, definition FROM definitions
), changed AS (
    SELECT shop_table, part || ' lost: ' || definition AS what FROM difference
    UNION ALL
    SELECT w.shop_table, 'other rows than the shop wrote' || ' (' || p.name || ')'
    FROM par.contents AS w
    JOIN par.phases AS p USING (phase, tick)
    LEFT JOIN contents AS c USING (phase, tick, shop_table)
    WHERE (c.rows, c.ids, c.cents, c.cancelled, c.with_channel, c.days)
          IS NOT (w.rows, w.ids, w.cents, w.cancelled, w.with_channel, w.days)
)
SELECT shop_table, what FROM changed ORDER BY shop_table, what;
