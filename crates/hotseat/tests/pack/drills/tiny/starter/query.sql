SELECT id, price
FROM item
WHERE shelf = :shelf
ORDER BY price, id;
