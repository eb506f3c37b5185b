-- Wrong: a row for each hour is too fine: few orders share a row, and each look adds up a whole day again.

BEGIN;

-- Nothing may be written between the first fill and the triggers; readers go on.
LOCK TABLE orders, refund IN SHARE ROW EXCLUSIVE MODE;

CREATE TABLE merchant_hour (
    merchant_id    integer NOT NULL,
    hour           timestamp NOT NULL,
    channel        text NOT NULL, -- '' where the order has none: a key holds no NULL
    orders         bigint NOT NULL,
    revenue_cents  bigint NOT NULL,
    refunds        bigint NOT NULL,
    refunded_cents bigint NOT NULL,
    PRIMARY KEY (merchant_id, hour, channel)
) WITH (fillfactor = 80); -- counters change often: leave room for heap-only updates

-- What a row of orders or refund adds to the dashboard.
CREATE TYPE movement AS (
    merchant_id integer, hour timestamp, channel text,
    orders bigint, revenue_cents bigint, refunds bigint, refunded_cents bigint
);

-- Adds movements to the summary. One sum for each key, so that a large import updates a counter once;
-- in the order of the keys, so that two imports cannot deadlock; nothing at all where the sum is zero.
CREATE FUNCTION book(movements movement[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO merchant_hour AS kept
    SELECT merchant_id, hour, channel, sum(orders), sum(revenue_cents), sum(refunds), sum(refunded_cents)
    FROM unnest(movements)
    GROUP BY merchant_id, hour, channel
    HAVING (sum(orders), sum(revenue_cents), sum(refunds), sum(refunded_cents)) <> (0, 0, 0, 0)
    ORDER BY merchant_id, hour, channel
    ON CONFLICT (merchant_id, hour, channel) DO UPDATE SET
        orders = kept.orders + EXCLUDED.orders,
        revenue_cents = kept.revenue_cents + EXCLUDED.revenue_cents,
        refunds = kept.refunds + EXCLUDED.refunds,
        refunded_cents = kept.refunded_cents + EXCLUDED.refunded_cents
$$;

CREATE FUNCTION book_orders() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    movements movement[] := '{}';
BEGIN
    IF TG_OP <> 'INSERT' THEN
        movements := movements || ARRAY(
            SELECT (merchant_id, date_trunc('hour', placed_at AT TIME ZONE 'UTC'), coalesce(channel, ''),
                    -1, -total_cents, 0, 0)::movement
            FROM gone WHERE status <> 'cancelled');
    END IF;
    IF TG_OP <> 'DELETE' THEN
        movements := movements || ARRAY(
            SELECT (merchant_id, date_trunc('hour', placed_at AT TIME ZONE 'UTC'), coalesce(channel, ''),
                    1, total_cents, 0, 0)::movement
            FROM come WHERE status <> 'cancelled');
    END IF;
    PERFORM book(movements);
    RETURN NULL;
END
$$;

-- An order's merchant and channel never change, so a refund may look them up at any time.
CREATE FUNCTION book_refunds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    movements movement[] := '{}';
BEGIN
    IF TG_OP <> 'INSERT' THEN
        movements := movements || ARRAY(
            SELECT (o.merchant_id, date_trunc('hour', r.refunded_at AT TIME ZONE 'UTC'), coalesce(o.channel, ''),
                    0, 0, -1, -r.amount_cents)::movement
            FROM gone AS r JOIN orders AS o ON o.id = r.order_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        movements := movements || ARRAY(
            SELECT (o.merchant_id, date_trunc('hour', r.refunded_at AT TIME ZONE 'UTC'), coalesce(o.channel, ''),
                    0, 0, 1, r.amount_cents)::movement
            FROM come AS r JOIN orders AS o ON o.id = r.order_id);
    END IF;
    PERFORM book(movements);
    RETURN NULL;
END
$$;

CREATE TRIGGER book_inserted AFTER INSERT ON orders
    REFERENCING NEW TABLE AS come EXECUTE FUNCTION book_orders();
CREATE TRIGGER book_updated AFTER UPDATE ON orders
    REFERENCING OLD TABLE AS gone NEW TABLE AS come EXECUTE FUNCTION book_orders();
CREATE TRIGGER book_deleted AFTER DELETE ON orders
    REFERENCING OLD TABLE AS gone EXECUTE FUNCTION book_orders();

CREATE TRIGGER book_inserted AFTER INSERT ON refund
    REFERENCING NEW TABLE AS come EXECUTE FUNCTION book_refunds();
CREATE TRIGGER book_updated AFTER UPDATE ON refund
    REFERENCING OLD TABLE AS gone NEW TABLE AS come EXECUTE FUNCTION book_refunds();
CREATE TRIGGER book_deleted AFTER DELETE ON refund
    REFERENCING OLD TABLE AS gone EXECUTE FUNCTION book_refunds();

INSERT INTO merchant_hour
SELECT merchant_id, hour, channel, sum(orders), sum(revenue_cents), sum(refunds), sum(refunded_cents)
FROM (
    SELECT merchant_id, date_trunc('hour', placed_at AT TIME ZONE 'UTC'), coalesce(channel, ''), 1, total_cents, 0, 0
    FROM orders
    WHERE status <> 'cancelled'
    UNION ALL
    SELECT o.merchant_id, date_trunc('hour', r.refunded_at AT TIME ZONE 'UTC'), coalesce(o.channel, ''), 0, 0, 1, r.amount_cents
    FROM refund AS r
    JOIN orders AS o ON o.id = r.order_id
) AS movement (merchant_id, hour, channel, orders, revenue_cents, refunds, refunded_cents)
GROUP BY merchant_id, hour, channel
ORDER BY merchant_id, hour, channel;

COMMIT;
