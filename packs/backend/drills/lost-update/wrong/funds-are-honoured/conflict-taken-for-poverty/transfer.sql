-- A version that moved on is taken for missing funds: the payer is sent away although
-- the money is there.
\retry on 40P01
BEGIN;

SELECT balance >= :amount AS funded, version AS from_version FROM account WHERE id = :from_id \gset

WITH debit AS (
    UPDATE account
    SET balance = balance - :amount, version = version + 1
    WHERE id = :from_id AND version = :from_version AND balance >= :amount
    RETURNING id
)
SELECT count(*) = 1 AS paid FROM debit \gset

\if :paid
UPDATE account SET balance = balance + :amount, version = version + 1 WHERE id = :to_id;
INSERT INTO transfer (id, from_id, to_id, amount, status)
VALUES (:id, :from_id, :to_id, :amount, 'booked');
\else
INSERT INTO transfer (id, from_id, to_id, amount, status)
VALUES (:id, :from_id, :to_id, :amount, 'refused');
\endif

COMMIT;
