SELECT id, from_id, to_id, amount, status FROM transfer ORDER BY id
