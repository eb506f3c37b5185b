-- Wrong: two first sales of a day both find no row and both insert one; no unique key stops the second.

BEGIN;

-- Nothing may be written between the first fill and the triggers; readers go on.
LOCK TABLE orders, refund IN SHARE ROW EXCLUSIVE MODE;

CREATE TABLE merchant_day (
    merchant_id    integer NOT NULL,
    day            date NOT NULL,
    channel        text NOT NULL, -- '' where the order has none: a key holds no NULL
    orders         bigint NOT NULL,
    revenue_cents  bigint NOT NULL,
    refunds        bigint NOT NULL,
    refunded_cents bigint NOT NULL
);
CREATE INDEX merchant_day_key ON merchant_day (merchant_id, day, channel);

-- What a row of orders or refund adds to the dashboard.
CREATE TYPE movement AS (
    merchant_id integer, day date, channel text,
    orders bigint, revenue_cents bigint, refunds bigint, refunded_cents bigint
);

-- Adds movements to the summary.
CREATE FUNCTION book(movements movement[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    m movement;
BEGIN
    FOR m IN
        SELECT merchant_id, day, channel, sum(orders), sum(revenue_cents), sum(refunds), sum(refunded_cents)
        FROM unnest(movements)
        GROUP BY merchant_id, day, channel
    LOOP
        UPDATE merchant_day SET
            orders = orders + m.orders, revenue_cents = revenue_cents + m.revenue_cents,
            refunds = refunds + m.refunds, refunded_cents = refunded_cents + m.refunded_cents
        WHERE merchant_id = m.merchant_id AND day = m.day AND channel = m.channel;
        IF NOT FOUND THEN
            INSERT INTO merchant_day SELECT m.*;
        END IF;
    END LOOP;
END
$$;

CREATE FUNCTION book_orders() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    movements movement[] := '{}';
BEGIN
    IF TG_OP <> 'INSERT' THEN
        movements := movements || ARRAY(
            SELECT (merchant_id, (placed_at AT TIME ZONE 'UTC')::date, coalesce(channel, ''),
                    -1, -total_cents, 0, 0)::movement
            FROM gone WHERE status <> 'cancelled');
    END IF;
    IF TG_OP <> 'DELETE' THEN
        movements := movements || ARRAY(
            SELECT (merchant_id, (placed_at AT TIME ZONE 'UTC')::date, coalesce(channel, ''),
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
            SELECT (o.merchant_id, (r.refunded_at AT TIME ZONE 'UTC')::date, coalesce(o.channel, ''),
                    0, 0, -1, -r.amount_cents)::movement
            FROM gone AS r JOIN orders AS o ON o.id = r.order_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        movements := movements || ARRAY(
            SELECT (o.merchant_id, (r.refunded_at AT TIME ZONE 'UTC')::date, coalesce(o.channel, ''),
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

INSERT INTO merchant_day
SELECT merchant_id, day, channel, sum(orders), sum(revenue_cents), sum(refunds), sum(refunded_cents)
FROM (
    SELECT merchant_id, (placed_at AT TIME ZONE 'UTC')::date, coalesce(channel, ''), 1, total_cents, 0, 0
    FROM orders
    WHERE status <> 'cancelled'
    UNION ALL
    SELECT o.merchant_id, (r.refunded_at AT TIME ZONE 'UTC')::date, coalesce(o.channel, ''), 0, 0, 1, r.amount_cents
    FROM refund AS r
    JOIN orders AS o ON o.id = r.order_id
) AS movement (merchant_id, day, channel, orders, revenue_cents, refunds, refunded_cents)
GROUP BY merchant_id, day, channel
ORDER BY merchant_id, day, channel;

COMMIT;
