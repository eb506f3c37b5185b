-- Wrong: the rows of one page, written down.

SELECT day, channel, orders, revenue_cents, refunds, refunded_cents
FROM (VALUES
    (3, DATE '2026-02-01', 'app', 9::bigint, 52034::bigint, 1::bigint, 311::bigint),
    (3, DATE '2026-02-01', NULL, 14, 90521, 0, 0)
) AS page (merchant_id, day, channel, orders, revenue_cents, refunds, refunded_cents)
WHERE merchant_id = :merchant AND day BETWEEN :first_day AND :last_day;
