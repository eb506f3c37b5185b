BEGIN;
SELECT items AS here FROM shelf WHERE id = :from_id \gset
SELECT items AS there FROM shelf WHERE id = :to_id \gset
UPDATE shelf SET items = :here - 1 WHERE id = :from_id;
UPDATE shelf SET items = :there + 1 WHERE id = :to_id;
COMMIT;
