-- REPEATABLE READ protects only what is read inside the transaction.
\retry on 40001 40P01
SELECT balance AS from_balance FROM account WHERE id = :from_id \gset
SELECT balance AS to_balance   FROM account WHERE id = :to_id   \gset
SELECT :from_balance >= :amount AS funded \gset

BEGIN ISOLATION LEVEL REPEATABLE READ;

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
