-- Wrong: each write deletes and inserts the whole history of its merchant.

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

CREATE FUNCTION rebuild(merchant integer) RETURNS void LANGUAGE sql AS $$
    DELETE FROM merchant_day WHERE merchant_id = merchant;
    INSERT INTO merchant_day
    SELECT merchant, day, channel, sum(orders), sum(revenue_cents), sum(refunds), sum(refunded_cents)
    FROM (
        SELECT (placed_at AT TIME ZONE 'UTC')::date, coalesce(channel, ''), 1, total_cents, 0, 0
        FROM orders
        WHERE merchant_id = merchant AND status <> 'cancelled'
        UNION ALL
        SELECT (r.refunded_at AT TIME ZONE 'UTC')::date, coalesce(o.channel, ''), 0, 0, 1, r.amount_cents
        FROM refund AS r
        JOIN orders AS o ON o.id = r.order_id
        WHERE o.merchant_id = merchant
    ) AS movement (day, channel, orders, revenue_cents, refunds, refunded_cents)
    GROUP BY day, channel
$$;

CREATE FUNCTION rebuild_for_orders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM rebuild(merchant_id) FROM (SELECT DISTINCT merchant_id FROM gone ORDER BY 1) AS touched;
    ELSE
        PERFORM rebuild(merchant_id) FROM (SELECT DISTINCT merchant_id FROM come ORDER BY 1) AS touched;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION rebuild_for_refunds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM rebuild(merchant_id)
        FROM (SELECT DISTINCT merchant_id FROM gone AS r JOIN orders AS o ON o.id = r.order_id ORDER BY 1) AS touched;
    ELSE
        PERFORM rebuild(merchant_id)
        FROM (SELECT DISTINCT merchant_id FROM come AS r JOIN orders AS o ON o.id = r.order_id ORDER BY 1) AS touched;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER rebuild_inserted AFTER INSERT ON orders
    REFERENCING NEW TABLE AS come EXECUTE FUNCTION rebuild_for_orders();
CREATE TRIGGER rebuild_updated AFTER UPDATE ON orders
    REFERENCING OLD TABLE AS gone NEW TABLE AS come EXECUTE FUNCTION rebuild_for_orders();
CREATE TRIGGER rebuild_deleted AFTER DELETE ON orders
    REFERENCING OLD TABLE AS gone EXECUTE FUNCTION rebuild_for_orders();

CREATE TRIGGER rebuild_inserted AFTER INSERT ON refund
    REFERENCING NEW TABLE AS come EXECUTE FUNCTION rebuild_for_refunds();
CREATE TRIGGER rebuild_updated AFTER UPDATE ON refund
    REFERENCING OLD TABLE AS gone NEW TABLE AS come EXECUTE FUNCTION rebuild_for_refunds();
CREATE TRIGGER rebuild_deleted AFTER DELETE ON refund
    REFERENCING OLD TABLE AS gone EXECUTE FUNCTION rebuild_for_refunds();

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
