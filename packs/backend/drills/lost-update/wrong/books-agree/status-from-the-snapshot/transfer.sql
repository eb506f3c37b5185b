-- The debit tests the newest balance, the row tells what the snapshot said: they differ
-- when another payment got there first.
\retry on 40P01
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
SELECT :id, :from_id, :to_id, :amount, CASE WHEN balance >= :amount THEN 'booked' ELSE 'refused' END
FROM account
WHERE id = :from_id;
