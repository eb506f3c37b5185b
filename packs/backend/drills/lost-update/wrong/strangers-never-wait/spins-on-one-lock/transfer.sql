-- Nobody is seen waiting for the one lock: everybody asks for it again and again.
BEGIN;

SELECT NOT pg_try_advisory_xact_lock(4711) AS busy \gset
\if :busy
\retry
\endif
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
