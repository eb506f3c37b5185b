SELECT id, items FROM shelf ORDER BY id
