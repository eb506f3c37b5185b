-- What every run leaves behind: the tables and views that a check may query.
-- docs/drills.md, "Evidence", is the contract; user_version is its version.
-- Columns are only ever added, at the end of a table: a check reads them by name, and a run of an
-- older hotseat, which lacks them, is judged by the checks that it came with.
-- Tables of parameter sets and probes are added as the run goes.
-- No table has a constraint or an index: the bench writes each fact once, and
-- a check that needs an index gets an automatic one from SQLite.

-- Facts of the whole run: drill, version, level, seed, role, server.
CREATE TABLE run (key TEXT, value);

-- The files that were handed in, and the starter's where one was left out.
CREATE TABLE handed_in (slot TEXT, file TEXT, content TEXT);

-- The phases in their order; tick counts the rounds of a phase that is repeated.
CREATE TABLE phases (phase INTEGER, name TEXT, tick INTEGER, started_us INTEGER, ended_us INTEGER);

-- Every statement of a script that was accepted or run, and how it ended.
CREATE TABLE statements (
  phase INTEGER, tick INTEGER, component TEXT, source TEXT, line INTEGER, sql TEXT,
  started_us INTEGER, ended_us INTEGER, rows INTEGER, sqlstate TEXT, message TEXT
);

-- One row for each operation of a load: its parameters as JSON, how it ended (done, refused
-- or unknown), and how often it was started.
CREATE TABLE ops (
  op INTEGER PRIMARY KEY, phase INTEGER, tick INTEGER, component TEXT, client INTEGER, grp,
  no INTEGER, params TEXT, scheduled_us INTEGER, started_us INTEGER, ended_us INTEGER,
  outcome TEXT, sqlstate TEXT, reason TEXT, tries INTEGER
);

-- In an interleaved load, operation op had to wait for operation holder.
CREATE TABLE waits (op INTEGER, holder INTEGER, line INTEGER, lock TEXT, relation TEXT);

-- Operation op came to its n-th gate, the place at which sessions take turns.
CREATE TABLE gates (op INTEGER, no INTEGER);

-- Every fault that was armed; effect is 1 when it landed.
CREATE TABLE faults (op INTEGER, kind TEXT, at INTEGER, effect INTEGER);

-- Where and when a fault landed, what it did to whom, and when all ran again.
CREATE TABLE landings (
  op INTEGER, kind TEXT, does TEXT, victim TEXT, instance INTEGER, at_us INTEGER, over_us INTEGER,
  came_to TEXT
);

-- Query plans as PostgreSQL prints them in JSON; no is the row of the parameter set.
CREATE TABLE plans (
  probe TEXT, phase INTEGER, tick INTEGER, component TEXT, no INTEGER, mode TEXT, json TEXT
);

-- HTTP exchanges with the program: the request, the answer, and how it ended.
CREATE TABLE exchanges (
  exchange INTEGER PRIMARY KEY, phase INTEGER, tick INTEGER, source TEXT, no INTEGER, try INTEGER,
  component TEXT, instance INTEGER, method TEXT, path TEXT, headers TEXT, body TEXT,
  scheduled_us INTEGER, started_us INTEGER, ended_us INTEGER, outcome TEXT, status INTEGER,
  answer_headers TEXT, answer TEXT, reason TEXT
);

-- What the program asked of the gateway, and what the gateway did.
CREATE TABLE calls (
  phase INTEGER, instance INTEGER, method TEXT, path TEXT, key TEXT, reference TEXT,
  started_us INTEGER, ended_us INTEGER, conduct TEXT, status INTEGER, charge TEXT
);

-- The gateway's books: whom it has charged, and how much.
CREATE TABLE charges (
  charge TEXT, phase INTEGER, key TEXT, reference TEXT, amount INTEGER, currency TEXT, at_us INTEGER
);

-- Each instance of the program from its start to its end; by_us is 1 when the judge ended it.
CREATE TABLE lives (
  component TEXT, instance INTEGER, started_us INTEGER, ready_us INTEGER, ended_us INTEGER, how TEXT,
  by_us INTEGER, output TEXT
);

-- How many messages had gone through an instance's joints when a phase ended.
CREATE TABLE messages (
  phase INTEGER, tick INTEGER, component TEXT, instance INTEGER, kind TEXT, label TEXT, messages INTEGER
);

-- How late the machine was while a program was judged, in stretches of a tenth of a second: late_us is how long the
-- instances, the database or the judge stood in the queue for a core, or how late a sleeping thread woke.
CREATE TABLE lateness (
  phase INTEGER, tick INTEGER, component TEXT, instance INTEGER,
  started_us INTEGER, ended_us INTEGER, late_us INTEGER
);

-- What the handed-in API document lacks: mistakes (defect) and empty promises (vacuity).
CREATE TABLE document (slot TEXT, kind TEXT, rule TEXT, line INTEGER, place TEXT, what TEXT);

-- Answers that the document does not describe.
CREATE TABLE deviations (exchange INTEGER, rule TEXT, place TEXT, expected TEXT, got TEXT);

-- One row for each node of each plan. PostgreSQL prints rows as the average of one loop, rounded
-- (to hundredths from version 18), so a count is that average times the loops, rounded again.
-- Blocks include those of the nodes below, as PostgreSQL prints them.
-- A node is an object that is the root or stands in a list called Plans; Workers are not nodes.
CREATE VIEW plan_nodes AS
SELECT
  probe, phase, tick, component, no, mode,
  '0' || substr(replace(replace(tree.fullkey, '.Plans[', '.'), ']', ''), length('$[0.Plan') + 1)
    AS path,
  json_extract(tree.value, '$."Node Type"') AS node,
  json_extract(tree.value, '$."Relation Name"') AS relation,
  json_extract(tree.value, '$."Index Name"') AS index_name,
  CAST(round(coalesce(json_extract(tree.value, '$."Actual Rows"'), 0)
    * coalesce(json_extract(tree.value, '$."Actual Loops"'), 0)) AS INTEGER) AS rows,
  coalesce(json_extract(tree.value, '$."Actual Loops"'), 0) AS loops,
  CAST(round((coalesce(json_extract(tree.value, '$."Rows Removed by Filter"'), 0)
      + coalesce(json_extract(tree.value, '$."Rows Removed by Join Filter"'), 0)
      + coalesce(json_extract(tree.value, '$."Rows Removed by Index Recheck"'), 0))
    * coalesce(json_extract(tree.value, '$."Actual Loops"'), 0)) AS INTEGER) AS removed,
  coalesce(json_extract(tree.value, '$."Shared Hit Blocks"'), 0)
    + coalesce(json_extract(tree.value, '$."Shared Read Blocks"'), 0)
    + 2 * (coalesce(json_extract(tree.value, '$."Temp Read Blocks"'), 0)
      + coalesce(json_extract(tree.value, '$."Temp Written Blocks"'), 0)) AS blocks
FROM plans, json_tree(plans.json, '$[0].Plan') AS tree
WHERE tree.type = 'object' AND (tree.fullkey = '$[0].Plan' OR tree.path LIKE '%.Plans');

-- One row for each plan. A block that was read or written for a temporary file counts twice,
-- because it was written by this query and will be read by it, or was.
-- rows_handled is what all nodes yielded and threw away: work that blocks do not show.
CREATE VIEW plan_costs AS
SELECT
  probe, phase, tick, component, no, mode,
  coalesce(json_extract(json, '$[0].Plan."Shared Hit Blocks"'), 0)
    + coalesce(json_extract(json, '$[0].Plan."Shared Read Blocks"'), 0)
    + 2 * (coalesce(json_extract(json, '$[0].Plan."Temp Read Blocks"'), 0)
      + coalesce(json_extract(json, '$[0].Plan."Temp Written Blocks"'), 0)) AS blocks,
  coalesce(json_extract(json, '$[0].Plan."Temp Read Blocks"'), 0)
    + coalesce(json_extract(json, '$[0].Plan."Temp Written Blocks"'), 0) AS temp_blocks,
  coalesce(json_extract(json, '$[0].Plan."WAL Records"'), 0) AS wal_records,
  coalesce(json_extract(json, '$[0].Plan."WAL Bytes"'), 0) AS wal_bytes,
  (SELECT sum(
      CAST(round(coalesce(json_extract(tree.value, '$."Actual Rows"'), 0)
        * coalesce(json_extract(tree.value, '$."Actual Loops"'), 0)) AS INTEGER)
      + CAST(round((coalesce(json_extract(tree.value, '$."Rows Removed by Filter"'), 0)
          + coalesce(json_extract(tree.value, '$."Rows Removed by Join Filter"'), 0)
          + coalesce(json_extract(tree.value, '$."Rows Removed by Index Recheck"'), 0))
        * coalesce(json_extract(tree.value, '$."Actual Loops"'), 0)) AS INTEGER))
    FROM json_tree(plans.json, '$[0].Plan') AS tree
    WHERE tree.type = 'object' AND (tree.fullkey = '$[0].Plan' OR tree.path LIKE '%.Plans')
  ) AS rows_handled,
  CAST(round(coalesce(json_extract(json, '$[0].Plan."Actual Rows"'), 0)
    * coalesce(json_extract(json, '$[0].Plan."Actual Loops"'), 0)) AS INTEGER) AS rows_returned
FROM plans;

-- How long each exchange lasted, and how much of that those who had to work on it stood in the queue for a
-- core: its instance, the database, and the judge, which carries what they say. They work in turns, so their waits
-- add up, to no more than the time that it was. Where the system tells of no queue, the sleeping thread stands in.
CREATE VIEW delays AS
SELECT
  e.exchange, e.phase, e.component, e.instance, e.ended_us - e.started_us AS lasted_us,
  coalesce((
    SELECT sum(min(s.late_us, s.ended_us - s.started_us)
      * (min(s.ended_us, e.ended_us) - max(s.started_us, e.started_us)) / (s.ended_us - s.started_us))
    FROM (
      SELECT l.started_us, l.ended_us, sum(l.late_us) AS late_us FROM lateness l
      WHERE l.started_us < e.ended_us AND l.ended_us > e.started_us
        AND (l.component <> 'machine' OR NOT EXISTS (SELECT 1 FROM lateness WHERE component <> 'machine'))
        AND (l.instance IS NULL OR (l.component = e.component AND l.instance = e.instance))
      GROUP BY l.started_us
    ) AS s
  ), 0) AS late_us
FROM exchanges e;
