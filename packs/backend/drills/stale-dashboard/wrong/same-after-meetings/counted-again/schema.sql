-- Wrong: the trigger counts a key anew, but it cannot see what another open transaction has written for the same key.

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

-- Computes the rows of some keys anew.
CREATE FUNCTION count_again(keys merchant_day[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    key merchant_day;
BEGIN
    FOREACH key IN ARRAY keys LOOP
        INSERT INTO merchant_day
        SELECT key.merchant_id, key.day, key.channel,
               count(*) FILTER (WHERE kind = 1), coalesce(sum(cents) FILTER (WHERE kind = 1), 0),
               count(*) FILTER (WHERE kind = 2), coalesce(sum(cents) FILTER (WHERE kind = 2), 0)
        FROM (
            SELECT 1, total_cents
            FROM orders
            WHERE merchant_id = key.merchant_id AND coalesce(channel, '') = key.channel AND status <> 'cancelled'
              AND placed_at >= key.day::timestamp AT TIME ZONE 'UTC'
              AND placed_at < (key.day + 1)::timestamp AT TIME ZONE 'UTC'
            UNION ALL
            SELECT 2, r.amount_cents
            FROM refund AS r
            JOIN orders AS o ON o.id = r.order_id
            WHERE o.merchant_id = key.merchant_id AND coalesce(o.channel, '') = key.channel
              AND (r.refunded_at AT TIME ZONE 'UTC')::date = key.day
        ) AS found (kind, cents)
        ON CONFLICT (merchant_id, day, channel) DO UPDATE SET
            orders = EXCLUDED.orders, revenue_cents = EXCLUDED.revenue_cents,
            refunds = EXCLUDED.refunds, refunded_cents = EXCLUDED.refunded_cents;
    END LOOP;
END
$$;

CREATE FUNCTION again_for_orders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM count_again(ARRAY(
            SELECT DISTINCT (merchant_id, (placed_at AT TIME ZONE 'UTC')::date, coalesce(channel, ''), 0, 0, 0, 0)::merchant_day
            FROM gone));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM count_again(ARRAY(
            SELECT DISTINCT (merchant_id, (placed_at AT TIME ZONE 'UTC')::date, coalesce(channel, ''), 0, 0, 0, 0)::merchant_day
            FROM come));
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION again_for_refunds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM count_again(ARRAY(
            SELECT DISTINCT (o.merchant_id, (r.refunded_at AT TIME ZONE 'UTC')::date, coalesce(o.channel, ''), 0, 0, 0, 0)::merchant_day
            FROM gone AS r JOIN orders AS o ON o.id = r.order_id));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM count_again(ARRAY(
            SELECT DISTINCT (o.merchant_id, (r.refunded_at AT TIME ZONE 'UTC')::date, coalesce(o.channel, ''), 0, 0, 0, 0)::merchant_day
            FROM come AS r JOIN orders AS o ON o.id = r.order_id));
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER again_inserted AFTER INSERT ON orders
    REFERENCING NEW TABLE AS come EXECUTE FUNCTION again_for_orders();
CREATE TRIGGER again_updated AFTER UPDATE ON orders
    REFERENCING OLD TABLE AS gone NEW TABLE AS come EXECUTE FUNCTION again_for_orders();
CREATE TRIGGER again_deleted AFTER DELETE ON orders
    REFERENCING OLD TABLE AS gone EXECUTE FUNCTION again_for_orders();

CREATE TRIGGER again_inserted AFTER INSERT ON refund
    REFERENCING NEW TABLE AS come EXECUTE FUNCTION again_for_refunds();
CREATE TRIGGER again_updated AFTER UPDATE ON refund
    REFERENCING OLD TABLE AS gone NEW TABLE AS come EXECUTE FUNCTION again_for_refunds();
CREATE TRIGGER again_deleted AFTER DELETE ON refund
    REFERENCING OLD TABLE AS gone EXECUTE FUNCTION again_for_refunds();

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
