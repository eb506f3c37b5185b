-- A marketplace in :scale cities. A city has 400 merchants, 20,000 customers and 120,000 orders
-- whatever the scale: a bigger shop has more cities, not bigger merchants. The rows of city 1 are
-- the same at every scale, so that one page can be measured on both shops.

CREATE TABLE merchant (
    id    integer PRIMARY KEY,            -- city * 1000 + number, numbered from 1 to 400
    name  text    NOT NULL
);

CREATE TABLE customer (
    id    integer PRIMARY KEY,            -- city * 100000 + number
    name  text,                           -- NULL: erased at the customer's request
    email text
);

CREATE TABLE orders (
    id           bigint      NOT NULL,    -- city * 1000000 + number; tells nothing about time
    merchant_id  integer     NOT NULL,    -- who sells
    fulfilled_by integer,                 -- who ships, where that was agreed; may be the seller
    customer_id  integer,                 -- NULL: bought as a guest
    status       text        NOT NULL CHECK (status IN ('pending', 'paid', 'sent', 'returned', 'cancelled')),
    placed_at    timestamptz NOT NULL,
    scanned_at   timestamptz NOT NULL,    -- when a carrier last scanned the parcel
    scans        integer     NOT NULL
) WITH (fillfactor = 90);                 -- room for updates on the same page

CREATE TABLE order_item (
    order_id    bigint   NOT NULL,
    line        smallint NOT NULL,
    quantity    smallint NOT NULL,
    product_id  integer  NOT NULL,
    price_cents integer  NOT NULL
);

CREATE TABLE refund (
    id           bigint      NOT NULL,
    order_id     bigint      NOT NULL,
    amount_cents integer     NOT NULL,
    refunded_at  timestamptz NOT NULL
) PARTITION BY RANGE (refunded_at);

CREATE TABLE refund_2023 PARTITION OF refund FOR VALUES FROM ('2023-01-01 00:00Z') TO ('2024-01-01 00:00Z');
CREATE TABLE refund_2024 PARTITION OF refund FOR VALUES FROM ('2024-01-01 00:00Z') TO ('2025-01-01 00:00Z');
CREATE TABLE refund_2025 PARTITION OF refund FOR VALUES FROM ('2025-01-01 00:00Z') TO ('2026-01-01 00:00Z');
CREATE TABLE refund_rest PARTITION OF refund DEFAULT;

INSERT INTO merchant
SELECT city * 1000 + n, 'Merchant ' || city || '-' || n
FROM generate_series(1, :scale) AS city, generate_series(1, 400) AS n;

INSERT INTO customer
SELECT id,
       CASE WHEN hotseat.draw('erased', id) >= 0.01 THEN 'Customer ' || id END,
       CASE WHEN id % 3 > 0 THEN 'c' || id || '@example.org' END
FROM (SELECT city * 100000 + n AS id
      FROM generate_series(1, :scale) AS city, generate_series(1, 20000) AS n) AS numbered;

-- Sellers are Zipf-like: number 1 has 12 % of its city's orders, number 400 has some fifty. With
-- shipping it is the other way about: the smallest sellers run the warehouses. The cities' rows
-- lie mixed on the disk, in no order of time or merchant. (LATERAL keeps that order: a row of each
-- city, then the next of each. OFFSET 0: draw once, use twice.)
INSERT INTO orders
SELECT id,
       merchant_id,
       CASE WHEN ship < 0.03 THEN merchant_id
            WHEN ship < 0.12  THEN city * 1000 + 401 - floor(pow(401, hotseat.draw('shipper', id)))::integer
       END,
       CASE WHEN hotseat.draw('guest', id) >= 0.08
            THEN city * 100000 + 1 + floor(20000 * hotseat.draw('customer', id) ^ 2)::integer
       END,
       (ARRAY['pending', 'paid', 'sent', 'returned', 'cancelled'])
           [1 + width_bucket(hotseat.draw('status', id), ARRAY[0.01, 0.04, 0.90, 0.94])],
       to_timestamp(placed),
       to_timestamp(placed + 3600 * (id % 199)),
       id % 9
FROM (SELECT id,
             city,
             city * 1000 + floor(pow(401, hotseat.draw('merchant', id)))::integer AS merchant_id,
             hotseat.draw('ship', id) AS ship,
             -- Three years from 2023. A third comes in nightly batches with one time stamp each,
             -- 22:30 UTC: in Berlin that is half past midnight of the next day while summer lasts.
             CASE WHEN id % 3 = 0 THEN 1672525800 + 86400 * floor(1 + 1094 * hotseat.draw('placed', id))
                                  ELSE 1672531200 + 60 * floor(1095 * 1440 * hotseat.draw('placed', id))
             END AS placed
      FROM (SELECT city, city * 1000000::bigint + n AS id
            FROM generate_series(1, 120000) AS n, LATERAL generate_series(1, :scale + 0 * n) AS city) AS numbered
      OFFSET 0) AS drawn;

-- One order in fifty has no item (a gift card). A third line repeats the second one's product and
-- price, half the time in the same quantity.
INSERT INTO order_item
SELECT id,
       line,
       1 + (hotseat.draw('quantity', id + line) < 0.5)::integer,
       1 + floor(5000 * hotseat.draw('product', id * 2 + least(line, 2))),
       100 + 50 * floor(180 * hotseat.draw('price', id * 2 + least(line, 2)))
FROM orders
JOIN (VALUES (1, 0.02), (2, 0.52), (3, 0.80)) AS lines (line, above) ON hotseat.draw('lines', id) >= above;

-- Three orders in a hundred were refunded, some of them twice.
INSERT INTO refund
SELECT id * 2 + nth, id, 100 + 50 * floor(80 * hotseat.draw('amount', id * 2 + nth)), placed_at + interval '3 days' * (1 + 3 * nth)
FROM orders
JOIN (VALUES (0, 0.03), (1, 0.006)) AS refunds (nth, below) ON hotseat.draw('refunds', id) < below;

ALTER TABLE orders     ADD PRIMARY KEY (id);
ALTER TABLE order_item ADD PRIMARY KEY (order_id, line);
ALTER TABLE refund     ADD PRIMARY KEY (id, refunded_at);

ALTER TABLE orders
    ADD FOREIGN KEY (merchant_id)  REFERENCES merchant,
    ADD FOREIGN KEY (fulfilled_by) REFERENCES merchant,
    ADD FOREIGN KEY (customer_id)  REFERENCES customer;
ALTER TABLE order_item ADD FOREIGN KEY (order_id) REFERENCES orders;
ALTER TABLE refund     ADD FOREIGN KEY (order_id) REFERENCES orders;

-- Nobody filters or groups by these. Without them the analysis takes half the time.
ALTER TABLE orders     ALTER scanned_at SET STATISTICS 0, ALTER scans SET STATISTICS 0;
ALTER TABLE order_item ALTER line SET STATISTICS 0, ALTER quantity SET STATISTICS 0,
                       ALTER product_id SET STATISTICS 0, ALTER price_cents SET STATISTICS 0;
