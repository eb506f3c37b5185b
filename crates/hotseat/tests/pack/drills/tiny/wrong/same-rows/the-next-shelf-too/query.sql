SELECT id, price FROM item WHERE shelf IN (:shelf, :shelf % 20 + 1) ORDER BY price, id;
