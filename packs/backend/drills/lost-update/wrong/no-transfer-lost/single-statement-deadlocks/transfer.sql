-- One statement locks two rows one after the other: that it is one statement does not
-- keep it from a deadlock.
WITH debit AS (
    UPDATE account
    SET balance = balance - :amount
    WHERE id = :from_id AND balance >= :amount
    RETURNING id
), credit AS (
    UPDATE account
    SET balance = balance + :amount
    WHERE id = :to_id AND EXISTS (SELECT 1 FROM debit)
)
INSERT INTO transfer (id, from_id, to_id, amount, status)
SELECT :id, :from_id, :to_id, :amount,
       CASE WHEN EXISTS (SELECT 1 FROM debit) THEN 'booked' ELSE 'refused' END;
