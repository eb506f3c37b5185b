CREATE INDEX item_shelf_price ON item (shelf, price, id);
