-- The shop as you find it: to read, not to run. The row counts are those of the full shop.
-- Each primary key has its index; there are no others.

CREATE TABLE merchant (                   -- 4,000
    id    integer PRIMARY KEY,            -- city * 1000 + number: 1001 is the biggest of city 1
    name  text    NOT NULL
);

CREATE TABLE customer (                   -- 200,000
    id    integer PRIMARY KEY,
    name  text,                           -- NULL: erased at the customer's request
    email text
);

CREATE TABLE orders (                     -- 1,200,000, all of 2023 to 2025
    id           bigint      PRIMARY KEY, -- city * 1000000 + number; tells nothing about time
    merchant_id  integer     NOT NULL REFERENCES merchant,   -- who sells
    fulfilled_by integer     REFERENCES merchant,            -- who ships; NULL for seven in eight, may be the seller
    customer_id  integer     REFERENCES customer,            -- NULL: bought as a guest
    status       text        NOT NULL CHECK (status IN ('pending', 'paid', 'sent', 'returned', 'cancelled')),
    placed_at    timestamptz NOT NULL,    -- not unique: a third of the orders come in nightly batches
    scanned_at   timestamptz NOT NULL,    -- when a carrier last scanned the parcel
    scans        integer     NOT NULL
) WITH (fillfactor = 90);

CREATE TABLE order_item (                 -- 2,000,000; an order has none to three
    order_id    bigint   NOT NULL REFERENCES orders,
    line        smallint NOT NULL,
    quantity    smallint NOT NULL,
    product_id  integer  NOT NULL,
    price_cents integer  NOT NULL,
    PRIMARY KEY (order_id, line)
);

CREATE TABLE refund (                     -- 43,000; an order has none to two
    id           bigint      NOT NULL,
    order_id     bigint      NOT NULL REFERENCES orders,
    amount_cents integer     NOT NULL,
    refunded_at  timestamptz NOT NULL,
    PRIMARY KEY (id, refunded_at)
) PARTITION BY RANGE (refunded_at);

CREATE TABLE refund_2023 PARTITION OF refund FOR VALUES FROM ('2023-01-01 00:00Z') TO ('2024-01-01 00:00Z');
CREATE TABLE refund_2024 PARTITION OF refund FOR VALUES FROM ('2024-01-01 00:00Z') TO ('2025-01-01 00:00Z');
CREATE TABLE refund_2025 PARTITION OF refund FOR VALUES FROM ('2025-01-01 00:00Z') TO ('2026-01-01 00:00Z');
CREATE TABLE refund_rest PARTITION OF refund DEFAULT;

-- Orders by status: sent 86 %, cancelled 6 %, returned 4 %, paid 3 %, pending 1 %.
-- Orders by merchant: the biggest seller of a city has 12 %, the next 7 %, the smallest some fifty.
