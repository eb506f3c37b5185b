-- The row is written first and committed: a promise that a lost session never keeps.
SELECT balance >= :amount AS funded FROM account WHERE id = :from_id \gset

\if :funded
INSERT INTO transfer (id, from_id, to_id, amount, status)
VALUES (:id, :from_id, :to_id, :amount, 'booked');

BEGIN;
SELECT id FROM account WHERE id IN (:from_id, :to_id) ORDER BY id FOR UPDATE;
UPDATE account SET balance = balance - :amount WHERE id = :from_id;
UPDATE account SET balance = balance + :amount WHERE id = :to_id;
COMMIT;
\else
INSERT INTO transfer (id, from_id, to_id, amount, status)
VALUES (:id, :from_id, :to_id, :amount, 'refused');
\endif
