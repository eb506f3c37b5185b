-- Wrong: each write deletes and inserts a whole month of its merchant.

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

-- Writes a merchant's month anew.
CREATE FUNCTION rebuild(merchant integer, month timestamp) RETURNS void LANGUAGE sql AS $$
    DELETE FROM merchant_day
    WHERE merchant_id = merchant AND day >= month::date AND day < (month + interval '1 month')::date;
    INSERT INTO merchant_day
    SELECT merchant, day, channel, sum(orders), sum(revenue_cents), sum(refunds), sum(refunded_cents)
    FROM (
        SELECT (placed_at AT TIME ZONE 'UTC')::date, coalesce(channel, ''), 1, total_cents, 0, 0
        FROM orders
        WHERE merchant_id = merchant AND status <> 'cancelled'
          AND placed_at >= month AT TIME ZONE 'UTC' AND placed_at < (month + interval '1 month') AT TIME ZONE 'UTC'
        UNION ALL
        SELECT (r.refunded_at AT TIME ZONE 'UTC')::date, coalesce(o.channel, ''), 0, 0, 1, r.amount_cents
        FROM refund AS r
        JOIN orders AS o ON o.id = r.order_id
        WHERE o.merchant_id = merchant
          AND r.refunded_at >= month AT TIME ZONE 'UTC' AND r.refunded_at < (month + interval '1 month') AT TIME ZONE 'UTC'
    ) AS movement (day, channel, orders, revenue_cents, refunds, refunded_cents)
    GROUP BY day, channel
$$;

CREATE FUNCTION rebuild_for_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM rebuild(OLD.merchant_id, date_trunc('month', OLD.placed_at AT TIME ZONE 'UTC'));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM rebuild(NEW.merchant_id, date_trunc('month', NEW.placed_at AT TIME ZONE 'UTC'));
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION rebuild_for_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM rebuild(merchant_id, date_trunc('month', OLD.refunded_at AT TIME ZONE 'UTC'))
        FROM orders WHERE id = OLD.order_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM rebuild(merchant_id, date_trunc('month', NEW.refunded_at AT TIME ZONE 'UTC'))
        FROM orders WHERE id = NEW.order_id;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER rebuild_written AFTER INSERT OR UPDATE OR DELETE ON orders
    FOR EACH ROW EXECUTE FUNCTION rebuild_for_order();
CREATE TRIGGER rebuild_written AFTER INSERT OR UPDATE OR DELETE ON refund
    FOR EACH ROW EXECUTE FUNCTION rebuild_for_refund();

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
