-- The money moves in one transaction, the row is written in the next: between the two
-- there is money that no transfer explains.
BEGIN;

SELECT id FROM account WHERE id IN (:from_id, :to_id) ORDER BY id FOR UPDATE;
SELECT balance >= :amount AS funded FROM account WHERE id = :from_id \gset

\if :funded
UPDATE account SET balance = balance - :amount WHERE id = :from_id;
UPDATE account SET balance = balance + :amount WHERE id = :to_id;
\endif

COMMIT;

\if :funded
INSERT INTO transfer (id, from_id, to_id, amount, status)
VALUES (:id, :from_id, :to_id, :amount, 'booked');
\else
INSERT INTO transfer (id, from_id, to_id, amount, status)
VALUES (:id, :from_id, :to_id, :amount, 'refused');
\endif
