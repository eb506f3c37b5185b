CREATE TABLE shelf (
    id    integer PRIMARY KEY,
    items integer NOT NULL
);

INSERT INTO shelf SELECT n, 100 FROM generate_series(1, 20) AS n;
