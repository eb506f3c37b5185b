CREATE INDEX item_shelf ON item (shelf);
INSERT INTO item VALUES (0, 999, 1, $$one too many$$);
