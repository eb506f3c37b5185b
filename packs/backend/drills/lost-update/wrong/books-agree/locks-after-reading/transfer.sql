-- The locks are right, but they come after the reading: what is written was read before.
BEGIN;

SELECT balance AS from_balance FROM account WHERE id = :from_id \gset
SELECT balance AS to_balance   FROM account WHERE id = :to_id   \gset
SELECT id FROM account WHERE id IN (:from_id, :to_id) ORDER BY id FOR UPDATE;
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
