-- The money is moved relative to what is there, so none gets lost; but the funds were
-- looked at before the row was ours.
\retry on 40P01
BEGIN;

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
