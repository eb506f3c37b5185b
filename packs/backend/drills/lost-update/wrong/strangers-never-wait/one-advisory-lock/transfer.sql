-- A table lock by another name: everyone queues for the same number.
BEGIN;

SELECT pg_advisory_xact_lock(4711);
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
