-- Notices that a row has moved on, undoes its work, and leaves it at that.
\retry on 40P01
BEGIN;

SELECT balance AS from_balance, version AS from_version FROM account WHERE id = :from_id \gset
SELECT balance AS to_balance,   version AS to_version   FROM account WHERE id = :to_id   \gset
SELECT :from_balance >= :amount AS funded \gset

\if :funded
WITH payer AS (
    UPDATE account
    SET balance = :from_balance - :amount, version = version + 1
    WHERE id = :from_id AND version = :from_version
    RETURNING id
), payee AS (
    UPDATE account
    SET balance = :to_balance + :amount, version = version + 1
    WHERE id = :to_id AND version = :to_version
    RETURNING id
)
SELECT (SELECT count(*) FROM payer) + (SELECT count(*) FROM payee) = 2 AS moved \gset
\if :moved
INSERT INTO transfer (id, from_id, to_id, amount, status)
VALUES (:id, :from_id, :to_id, :amount, 'booked');
COMMIT;
\else
ROLLBACK;
\endif
\else
INSERT INTO transfer (id, from_id, to_id, amount, status)
VALUES (:id, :from_id, :to_id, :amount, 'refused');
COMMIT;
\endif
