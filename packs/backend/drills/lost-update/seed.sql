-- Balances are cents. There is no CHECK on them: the rule is the task.
CREATE TABLE account (
    id      bigint  PRIMARY KEY,
    balance bigint  NOT NULL,
    version integer NOT NULL DEFAULT 0
) WITH (fillfactor = 50);   -- updates stay on their page and leave the index alone, so that
                            -- SERIALIZABLE sees no conflict between strangers

CREATE TABLE transfer (
    id      bigint PRIMARY KEY,
    from_id bigint NOT NULL,
    to_id   bigint NOT NULL,
    amount  bigint NOT NULL,
    status  text   NOT NULL CHECK (status IN ('booked', 'refused'))
);

-- 1 to 8: one at a time. Small, so that funds often run out, and often to the cent.
INSERT INTO account (id, balance)
SELECT n, 300 FROM generate_series(1, 8) AS n;

-- 101 to 228: the rush. Every fourth account is poor.
INSERT INTO account (id, balance)
SELECT n, CASE WHEN n % 4 = 2 THEN 3000 ELSE 100000000 END
FROM generate_series(101, 228) AS n;

-- 1000 to 2599: the duels and the cuts, ten numbers for each.
INSERT INTO account (id, balance)
SELECT n, 100000 FROM generate_series(1000, 2599) AS n;

-- Where sessions take turns, one can be held here: it has locked the row and has not
-- yet written it. So a script of a single statement is interleaved as well.
CREATE TRIGGER gate BEFORE UPDATE ON account
FOR EACH ROW EXECUTE FUNCTION hotseat.gate();

CREATE TRIGGER gate BEFORE INSERT ON transfer
FOR EACH ROW EXECUTE FUNCTION hotseat.gate();

-- The judge keeps the tables, so that nobody can drop a gate or add a constraint.
-- UPDATE on the whole table also permits LOCK TABLE; whether that is wise is for you to say.
ALTER TABLE account  OWNER TO judge;
ALTER TABLE transfer OWNER TO judge;
GRANT SELECT, UPDATE ON account  TO owner;   -- the learner is a member
GRANT SELECT, INSERT ON transfer TO owner;
