\retry on 40P01
UPDATE shelf
SET items = items + CASE id WHEN :from_id THEN -1 ELSE 1 END
WHERE id IN (:from_id, :to_id);
