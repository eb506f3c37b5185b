SELECT id, balance FROM account ORDER BY id
