-- At the first visitor its instance is told to end; at the second it is frozen, until the third has been answered.
SELECT n AS visit, CASE n WHEN 3 THEN 2 ELSE n END AS talk, 'GET' AS method, '/hello' AS path,
       CASE n WHEN 2 THEN 2 WHEN 5 THEN 2 ELSE 1 END AS instance,
       CASE n WHEN 1 THEN 'told-to-end' WHEN 2 THEN 'frozen' END AS fault
FROM generate_series(1, 5) AS n
