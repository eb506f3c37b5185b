-- The service makes its own tables; the database only draws what is sent.
SELECT 1;
