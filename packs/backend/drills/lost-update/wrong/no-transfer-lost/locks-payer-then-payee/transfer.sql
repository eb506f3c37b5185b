-- Payer first, payee second: there and back, each holds what the other wants.
BEGIN;

SELECT balance >= :amount AS funded FROM account WHERE id = :from_id FOR UPDATE \gset
SELECT id FROM account WHERE id = :to_id FOR UPDATE;

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
