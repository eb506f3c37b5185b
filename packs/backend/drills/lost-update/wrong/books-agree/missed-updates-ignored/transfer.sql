-- Books the transfer although the rows may have moved on and nothing was written.
\retry on 40P01
BEGIN;

SELECT balance AS from_balance, version AS from_version FROM account WHERE id = :from_id \gset
SELECT balance AS to_balance,   version AS to_version   FROM account WHERE id = :to_id   \gset
SELECT :from_balance >= :amount AS funded \gset

\if :funded
UPDATE account
SET balance = :from_balance - :amount, version = version + 1
WHERE id = :from_id AND version = :from_version;
UPDATE account
SET balance = :to_balance + :amount, version = version + 1
WHERE id = :to_id AND version = :to_version;
INSERT INTO transfer (id, from_id, to_id, amount, status)
VALUES (:id, :from_id, :to_id, :amount, 'booked');
\else
INSERT INTO transfer (id, from_id, to_id, amount, status)
VALUES (:id, :from_id, :to_id, :amount, 'refused');
\endif

COMMIT;
