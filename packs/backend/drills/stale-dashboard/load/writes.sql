-- Sixty writes of an ordinary hour: half of them sales, the rest orders shipped, cancelled or reinstated, and refunds.
SELECT
    n % 6 < 3 AS sells,
    n % 6 = 3 AS ships,
    n % 6 = 4 AS cancels,
    1 + floor(20 * power(hotseat.draw('write merchant' || :seed, n), 2.2))::integer AS merchant,
    1 + floor(20000 * hotseat.draw('write customer' || :seed, n))::integer AS customer,
    (ARRAY['web', 'app', 'store'])[1 + n % 3] AS channel,
    n AS minute,
    500 + floor(9000 * hotseat.draw('write cents' || :seed, n))::integer AS cents,
    120001 + floor(24000 * hotseat.draw('write order' || :seed, n))::bigint AS order_id
FROM generate_series(1, 60) AS n;
