-- What your script works on. For reading only: the tables are there already, and are not
-- yours to alter. You may SELECT from both, UPDATE account and INSERT into transfer.
CREATE TABLE account (
    id      bigint  PRIMARY KEY,
    balance bigint  NOT NULL,               -- in cents; nothing but your script keeps it from falling below 0
    version integer NOT NULL DEFAULT 0      -- free for your use; nobody else touches it
);

CREATE TABLE transfer (
    id      bigint PRIMARY KEY,             -- :id, a number that the caller has drawn for this transfer
    from_id bigint NOT NULL,
    to_id   bigint NOT NULL,
    amount  bigint NOT NULL,
    status  text   NOT NULL CHECK (status IN ('booked', 'refused'))
);
