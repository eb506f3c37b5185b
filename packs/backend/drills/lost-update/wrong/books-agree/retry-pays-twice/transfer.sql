-- Without a transaction around both writes, starting again after the second missed
-- repeats the first: the payer pays twice.
\retry on 40P01
SELECT balance AS from_balance, version AS from_version FROM account WHERE id = :from_id \gset
SELECT balance AS to_balance,   version AS to_version   FROM account WHERE id = :to_id   \gset
SELECT :from_balance >= :amount AS funded \gset

\if :funded
WITH hit AS (
    UPDATE account
    SET balance = :from_balance - :amount, version = version + 1
    WHERE id = :from_id AND version = :from_version
    RETURNING id
)
SELECT count(*) = 0 AS outdated FROM hit \gset
\if :outdated
\retry
\endif

WITH hit AS (
    UPDATE account
    SET balance = :to_balance + :amount, version = version + 1
    WHERE id = :to_id AND version = :to_version
    RETURNING id
)
SELECT count(*) = 0 AS outdated FROM hit \gset
\if :outdated
\retry
\endif

INSERT INTO transfer (id, from_id, to_id, amount, status)
VALUES (:id, :from_id, :to_id, :amount, 'booked');
\else
INSERT INTO transfer (id, from_id, to_id, amount, status)
VALUES (:id, :from_id, :to_id, :amount, 'refused');
\endif
