-- Nobody asks whether the money is there.
BEGIN;

SELECT id FROM account WHERE id IN (:from_id, :to_id) ORDER BY id FOR UPDATE;
UPDATE account SET balance = balance - :amount WHERE id = :from_id;
UPDATE account SET balance = balance + :amount WHERE id = :to_id;
INSERT INTO transfer (id, from_id, to_id, amount, status)
VALUES (:id, :from_id, :to_id, :amount, 'booked');

COMMIT;
