-- Wrong: the refresh remembers the last number that it has read; a transaction that drew a lower one and commits later is never read.

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
    refunded_cents bigint NOT NULL,
    PRIMARY KEY (merchant_id, day, channel)
) WITH (fillfactor = 80); -- counters change often: leave room for heap-only updates

-- What has changed since the last refresh. Only ever appended to.
CREATE TABLE movement (LIKE merchant_day, number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
CREATE TABLE read_up_to AS SELECT 0::bigint AS number;

CREATE FUNCTION log_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.status <> 'cancelled' THEN
        INSERT INTO movement
        VALUES (OLD.merchant_id, (OLD.placed_at AT TIME ZONE 'UTC')::date, coalesce(OLD.channel, ''),
                -1, -OLD.total_cents, 0, 0);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.status <> 'cancelled' THEN
        INSERT INTO movement
        VALUES (NEW.merchant_id, (NEW.placed_at AT TIME ZONE 'UTC')::date, coalesce(NEW.channel, ''),
                1, NEW.total_cents, 0, 0);
    END IF;
    RETURN NULL;
END
$$;

-- An order's merchant and channel never change, so a refund may look them up at any time.
CREATE FUNCTION log_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO movement
        SELECT merchant_id, (OLD.refunded_at AT TIME ZONE 'UTC')::date, coalesce(channel, ''),
               0, 0, -1, -OLD.amount_cents
        FROM orders WHERE id = OLD.order_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO movement
        SELECT merchant_id, (NEW.refunded_at AT TIME ZONE 'UTC')::date, coalesce(channel, ''),
               0, 0, 1, NEW.amount_cents
        FROM orders WHERE id = NEW.order_id;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER log_written AFTER INSERT OR DELETE ON orders
    FOR EACH ROW EXECUTE FUNCTION log_order();
-- Most updates only move an order from paid to shipped, which the dashboard does not show.
CREATE TRIGGER log_updated AFTER UPDATE ON orders
    FOR EACH ROW
    WHEN ((OLD.status = 'cancelled', OLD.placed_at, OLD.total_cents)
          IS DISTINCT FROM (NEW.status = 'cancelled', NEW.placed_at, NEW.total_cents))
    EXECUTE FUNCTION log_order();
CREATE TRIGGER log_written AFTER INSERT OR UPDATE OR DELETE ON refund
    FOR EACH ROW EXECUTE FUNCTION log_refund();

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
