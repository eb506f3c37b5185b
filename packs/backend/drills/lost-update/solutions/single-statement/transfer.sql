-- One statement is one transaction and one round trip. The first part locks both rows in
-- order and, having waited, sees them as they are now; the rest only follows its verdict.
WITH held AS (
    SELECT id, balance
    FROM account
    WHERE id IN (:from_id, :to_id)
    ORDER BY id
    FOR UPDATE
), verdict AS (
    SELECT bool_or(id = :from_id AND balance >= :amount) AS funded
    FROM held
), moved AS (
    UPDATE account AS a
    SET balance = a.balance + CASE WHEN a.id = :to_id THEN :amount ELSE 0 - :amount END
    FROM verdict AS v
    WHERE v.funded AND a.id IN (:from_id, :to_id)
)
INSERT INTO transfer (id, from_id, to_id, amount, status)
SELECT :id, :from_id, :to_id, :amount, CASE WHEN funded THEN 'booked' ELSE 'refused' END
FROM verdict;
