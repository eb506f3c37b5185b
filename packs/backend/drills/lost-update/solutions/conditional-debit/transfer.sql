-- The funds check is the debit's own WHERE: having waited for the row, PostgreSQL tests it
-- again on the newest balance. Rows are taken payer first, so deadlocks happen; the victim
-- has lost nothing and starts again.
\retry on 40P01
BEGIN;

WITH debit AS (
    UPDATE account
    SET balance = balance - :amount
    WHERE id = :from_id AND balance >= :amount
    RETURNING id
)
SELECT count(*) = 1 AS funded FROM debit \gset

\if :funded
UPDATE account SET balance = balance + :amount WHERE id = :to_id;
INSERT INTO transfer (id, from_id, to_id, amount, status)
VALUES (:id, :from_id, :to_id, :amount, 'booked');
\else
INSERT INTO transfer (id, from_id, to_id, amount, status)
VALUES (:id, :from_id, :to_id, :amount, 'refused');
\endif

COMMIT;
