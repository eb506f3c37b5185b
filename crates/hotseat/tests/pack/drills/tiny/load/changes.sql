INSERT INTO item VALUES (100000, 1, 5, 'new');
UPDATE item SET price = price + 1 WHERE id = 100000;
DELETE FROM item WHERE id = 100000;
