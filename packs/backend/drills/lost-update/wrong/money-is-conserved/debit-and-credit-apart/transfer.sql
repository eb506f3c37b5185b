-- Every statement is right by itself, and commits by itself: a session that is lost
-- between debit and credit takes the money with it.
WITH debit AS (
    UPDATE account
    SET balance = balance - :amount
    WHERE id = :from_id AND balance >= :amount
    RETURNING id
)
SELECT count(*) = 1 AS funded FROM debit \gset

\if :funded
UPDATE account SET balance = balance + :amount WHERE id = :to_id;
INSERT INTO transfer (id, from_id, to_id, amount, status)
VALUES (:id, :from_id, :to_id, :amount, 'booked');
\else
INSERT INTO transfer (id, from_id, to_id, amount, status)
VALUES (:id, :from_id, :to_id, :amount, 'refused');
\endif
