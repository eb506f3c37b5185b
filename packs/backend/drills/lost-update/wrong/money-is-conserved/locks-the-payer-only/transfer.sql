-- The payer's row is locked, so payers are safe from each other; a payee's balance is
-- read without a lock and overwritten.
\retry on 40P01
BEGIN;

SELECT balance AS from_balance FROM account WHERE id = :from_id FOR UPDATE \gset
SELECT balance AS to_balance   FROM account WHERE id = :to_id \gset
SELECT :from_balance >= :amount AS funded \gset

\if :funded
UPDATE account SET balance = :from_balance - :amount WHERE id = :from_id;
UPDATE account SET balance = :to_balance   + :amount WHERE id = :to_id;
INSERT INTO transfer (id, from_id, to_id, amount, status)
VALUES (:id, :from_id, :to_id, :amount, 'booked');
\else
INSERT INTO transfer (id, from_id, to_id, amount, status)
VALUES (:id, :from_id, :to_id, :amount, 'refused');
\endif

COMMIT;
