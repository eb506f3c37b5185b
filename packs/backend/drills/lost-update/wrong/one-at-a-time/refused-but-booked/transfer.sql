-- Writes a booked row for a transfer that it has just refused.
\retry on 40P01
BEGIN;

WITH debit AS (
    UPDATE account
    SET balance = balance - :amount
    WHERE id = :from_id AND balance >= :amount
    RETURNING id
)
UPDATE account SET balance = balance + :amount WHERE id = :to_id AND EXISTS (SELECT 1 FROM debit);
INSERT INTO transfer (id, from_id, to_id, amount, status)
VALUES (:id, :from_id, :to_id, :amount, 'booked');

COMMIT;
