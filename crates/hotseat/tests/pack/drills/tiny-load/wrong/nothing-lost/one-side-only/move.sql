UPDATE shelf SET items = items - 1 WHERE id = :from_id;
