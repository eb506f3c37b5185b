-- SERIALIZABLE, but only from the second statement on: the reading is a transaction of
-- its own, and what it saw may be old before the writing begins.
\retry on 40001 40P01
WITH payer AS (SELECT balance FROM account WHERE id = :from_id),
     payee AS (SELECT balance FROM account WHERE id = :to_id)
SELECT payer.balance AS from_balance, payee.balance AS to_balance, payer.balance >= :amount AS funded
FROM payer, payee \gset

BEGIN ISOLATION LEVEL SERIALIZABLE;

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
