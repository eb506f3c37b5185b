-- Who meets whom. In each meeting the sessions move in turns, in the order of the rows.
WITH planned (no, meeting, does, look, day) AS (
    VALUES
        -- The refresh begins while a report is open and a sale is not yet committed; a later sale has been.
        (1, 'a refresh among others', 'report', 1, date '2026-04-02'),
        (2, 'a refresh among others', 'sale', 2, date '2026-04-02'),
        (3, 'a refresh among others', 'quick_sale', 4, date '2026-04-02'),
        (4, 'a refresh among others', 'refresh', 1, date '2026-04-02'),
        (5, 'a refresh among others', 'look', 1, date '2026-04-02'),
        (6, 'two merchants sell', 'sale', 5, date '2026-04-02'),
        (7, 'two merchants sell', 'sale', 7, date '2026-04-02'),
        (8, 'one merchant sells twice', 'sale', 1, date '2026-04-02'),
        (9, 'one merchant sells twice', 'sale', 1, date '2026-04-02'),
        (10, 'the first two sales of a day', 'sale', 2, date '2026-04-05'),
        (11, 'the first two sales of a day', 'sale', 2, date '2026-04-05')
)
SELECT
    meeting,
    does,
    merchant,
    to_char(day, 'YYYY-MM-DD') || ' 15:00:00+00' AS sold_at,
    1000 + no AS cents,
    first_day,
    last_day
FROM planned
JOIN hotseat.looks(:seed) USING (look)
ORDER BY no;
