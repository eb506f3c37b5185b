-- Both rows are locked before anything is read from them, and by everyone in the same
-- order, so two transfers can wait for each other but never in a circle.
BEGIN;

SELECT id FROM account WHERE id IN (:from_id, :to_id) ORDER BY id FOR UPDATE;
SELECT balance >= :amount AS funded FROM account WHERE id = :from_id \gset

\if :funded
UPDATE account SET balance = balance - :amount WHERE id = :from_id;
UPDATE account SET balance = balance + :amount WHERE id = :to_id;
INSERT INTO transfer (id, from_id, to_id, amount, status)
VALUES (:id, :from_id, :to_id, :amount, 'booked');
\else
INSERT INTO transfer (id, from_id, to_id, amount, status)
VALUES (:id, :from_id, :to_id, :amount, 'refused');
\endif

COMMIT;
