SELECT to_json(q)::text AS json FROM (SELECT id, price FROM item WHERE shelf = :shelf ORDER BY price, id) q
