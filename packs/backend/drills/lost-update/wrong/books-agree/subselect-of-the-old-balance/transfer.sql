-- A subselect reads the statement's snapshot: after waiting for the row it still gives
-- the old balance, unlike the column itself.
\retry on 40P01
WITH debit AS (
    UPDATE account
    SET balance = (SELECT balance FROM account WHERE id = :from_id) - :amount
    WHERE id = :from_id AND balance >= :amount
    RETURNING id
), credit AS (
    UPDATE account
    SET balance = (SELECT balance FROM account WHERE id = :to_id) + :amount
    WHERE id = :to_id AND EXISTS (SELECT 1 FROM debit)
)
INSERT INTO transfer (id, from_id, to_id, amount, status)
SELECT :id, :from_id, :to_id, :amount,
       CASE WHEN EXISTS (SELECT 1 FROM debit) THEN 'booked' ELSE 'refused' END;
