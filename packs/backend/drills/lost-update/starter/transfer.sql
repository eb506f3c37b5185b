-- Moves :amount cents from account :from_id to account :to_id and records transfer :id.
BEGIN;

SELECT balance AS from_balance FROM account WHERE id = :from_id \gset
SELECT balance AS to_balance   FROM account WHERE id = :to_id   \gset
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
