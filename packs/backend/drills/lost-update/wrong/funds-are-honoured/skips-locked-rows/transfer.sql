-- A row that somebody else holds is skipped, and skipped rows look like missing funds.
BEGIN;

SELECT count(*) = 2 AND bool_or(id = :from_id AND balance >= :amount) AS funded
FROM (
    SELECT id, balance
    FROM account
    WHERE id IN (:from_id, :to_id)
    ORDER BY id
    FOR UPDATE SKIP LOCKED
) AS held \gset

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
