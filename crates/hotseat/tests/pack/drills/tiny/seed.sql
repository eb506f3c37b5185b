-- Ten items a shelf, shelf by shelf, about seven items a block.
CREATE TABLE item (
    id    integer PRIMARY KEY,
    shelf integer NOT NULL,
    price integer NOT NULL,
    about text    NOT NULL
);

INSERT INTO item
SELECT n, 1 + (n - 1) / 10, 1 + floor(1000 * hotseat.draw('price', n))::integer, repeat('x', 1000)
FROM generate_series(1, :items) AS n;
