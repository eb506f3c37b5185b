-- One statement, but its funds check is a subselect: it is not asked again after the
-- wait for the row.
\retry on 40P01
WITH moved AS (
    UPDATE account
    SET balance = balance + CASE WHEN id = :to_id THEN :amount ELSE 0 - :amount END
    WHERE id IN (:from_id, :to_id)
      AND (SELECT balance FROM account WHERE id = :from_id) >= :amount
    RETURNING id
)
INSERT INTO transfer (id, from_id, to_id, amount, status)
SELECT :id, :from_id, :to_id, :amount, CASE WHEN count(*) = 2 THEN 'booked' ELSE 'refused' END
FROM moved;
