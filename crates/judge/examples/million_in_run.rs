//! Fills the evidence of a stored run up to a million operations, to see how the app bears it.
//! `cargo run --release -p judge --example million_in_run -- RUN/evidence.sqlite`

use std::error::Error;

use rusqlite::{Connection, params};

const OPERATIONS: i64 = 1_000_000;

/// Operations like those of the run's largest load, spread over its phase.
const FILL: &str = "
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1 - (SELECT count(*) FROM ops)),
like_these AS (
    SELECT o.*, p.started_us AS from_us, p.ended_us AS to_us, (SELECT max(op) FROM ops) AS last
    FROM ops AS o JOIN phases AS p USING (phase, tick)
    WHERE o.grp IS NULL
    GROUP BY o.phase ORDER BY count(*) DESC LIMIT 1
), filled AS (
    SELECT *, from_us + (to_us - from_us) * i / ?1 AS at_us FROM n, like_these
)
INSERT INTO ops
SELECT last + i, phase, tick, component, i % 16, NULL, i, params, at_us, at_us,
       at_us + 300 + (i * 7919 % 40009) + iif(i % 101 = 0, 200000, 0),
       iif(i % 997 = 0, 'refused', 'done'), NULL, NULL, 1 + (i % 13 = 0)
FROM filled";

/// A first one, if need be, in the longest phase, for a run without a load.
const FIRST: &str = "
INSERT INTO ops
SELECT (SELECT coalesce(max(op), 0) + 1 FROM ops), phase, tick, 'database', 0, NULL, 1, '{}', started_us, started_us, started_us + 300, 'done', NULL, NULL, 1
FROM phases
WHERE NOT EXISTS (SELECT 1 FROM ops WHERE grp IS NULL)
ORDER BY ended_us - started_us DESC LIMIT 1";

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: million_in_run EVIDENCE")?;
    let db = Connection::open(path)?;
    db.execute(FIRST, [])?;
    db.execute(FILL, params![OPERATIONS])?;
    let count: i64 = db.query_row("SELECT count(*) FROM ops", [], |row| row.get(0))?;
    println!("{count} operations");
    Ok(())
}
