-- Three visitors at each instance, who wait for one another there.
SELECT n AS visit, 'GET' AS method, '/together' AS path FROM generate_series(1, 6) AS n
