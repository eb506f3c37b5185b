CREATE INDEX item_shelf ON item (shelf);
