//! Runs scripts: what is handed in, and the judge's own between.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};

use super::{At, Blame, Halt, Run, Stop};
use crate::JudgeError;
use crate::bench::session::{LOST, Refusal, Role, Session, TOO_BIG};
use crate::bench::{BenchError, Database};
use crate::drill::Source;
use crate::evidence::StatementRecord;
use crate::sql::{self, Statement};

/// A database may outgrow its template by this much, in bytes.
const GROWTH_BYTES_MAX: i64 = 2 * 1024 * 1024 * 1024;
/// How often a database's size is looked at while something handed in runs.
const SIZE_EVERY: Duration = Duration::from_millis(500);

/// Relations and statistics that somebody has to look after once the learner is done: the oids
/// above which an object is new.
struct Before {
    oid_max: String,
}

impl Run<'_> {
    /// Runs a handed-in script on a component and settles what it made.
    pub(super) async fn accept(&self, slot: &str, component: &str, at: At) -> Result<(), Halt> {
        self.accept_in(&self.database(component).await, slot, component, at).await
    }

    pub(super) async fn accept_in(
        &self,
        database: &Database,
        slot: &str,
        component: &str,
        at: At,
    ) -> Result<(), Halt> {
        let text = self.handed_in.text(slot).unwrap_or_default();
        let file = &self.drill.scenario.slots[slot].file;
        let statements = sql::split(text).map_err(|e| {
            let refusal = Refusal { sqlstate: "42601".into(), message: e.to_string(), position: None };
            Stop::halt(Blame::Submission, file, e.line(), refusal)
        })?;
        let catalogue = self.session_in(database, Role::Judge).await?;
        let before = Before { oid_max: catalogue.value(NEWEST).await? };
        let session = self.session_in(database, self.role()).await?;
        let place = Place { component, database, source: &format!("slot:{slot}") };
        for statement in &statements {
            self.statement(&session, &place, statement, at).await.map_err(|failed| {
                failed.or_stop(|refusal| {
                    Stop::halt(Blame::Submission, file, Some(line_of(statement, &refusal)), refusal)
                })
            })?;
        }
        self.accepted_us.set(u64::try_from(self.now_us()).unwrap_or(0));
        self.no_open_transaction(&catalogue, &session, file, &statements).await?;
        session.close().await;
        settle(&catalogue, &before).await?;
        Ok(())
    }

    /// Runs a script of the drill's author. What fails here failed because of what was handed in,
    /// unless it fails in the reference's run too.
    pub(super) async fn run_script(&self, script: &Source, component: &str, at: At) -> Result<(), Halt> {
        let statements =
            sql::split(&script.text).map_err(|e| JudgeError::Drill(format!("{}: {e}", script.file)))?;
        let database = self.database(component).await;
        let session = self.session_in(&database, Role::App).await?;
        let place = Place { component, database: &database, source: &script.file };
        let variables = self.variables(component, at.tick);
        for statement in &statements {
            let filled = Statement { line: statement.line, text: sql::fill(&statement.text, &variables) };
            self.statement(&session, &place, &filled, at).await.map_err(|failed| {
                failed.or_stop(|refusal| {
                    Stop::halt(Blame::Aftermath, &script.file, Some(statement.line), refusal)
                })
            })?;
        }
        Ok(())
    }

    async fn statement(
        &self,
        session: &Session,
        place: &Place<'_>,
        statement: &Statement,
        at: At,
    ) -> Result<(), Failed> {
        let started_us = self.now_us();
        let limit = self.hang_limit();
        let ran = self.within_size(session, place.database, session.run_within(&statement.text, limit)).await;
        if place.source.starts_with("slot:") {
            self.own_time(started_us);
        }
        let (rows, refusal) = match ran {
            Ok(rows) => (i64::try_from(rows).ok(), None),
            Err(refusal) => (None, Some(refusal)),
        };
        let record = StatementRecord {
            phase: at.phase,
            tick: at.tick,
            component: place.component.to_string(),
            source: place.source.to_string(),
            line: i64::try_from(statement.line).ok(),
            sql: statement.text.chars().take(2_000).collect(),
            started_us,
            ended_us: self.now_us(),
            rows,
            sqlstate: refusal.as_ref().map(|r| r.sqlstate.clone()),
            message: refusal.as_ref().map(|r| r.message.clone()),
        };
        self.record(&record).map_err(Failed::Ours)?;
        refusal.map_or(Ok(()), |refusal| Err(Failed::Refused(refusal)))
    }

    /// Stops work that fills the disk.
    async fn within_size<T>(
        &self,
        session: &Session,
        database: &Database,
        work: impl Future<Output = Result<T, Refusal>>,
    ) -> Result<T, Refusal> {
        let mut work = pin!(work);
        let grown = {
            let watch = pin!(self.outgrown(database));
            match select(&mut work, watch).await {
                Either::Left((done, _)) => return done,
                Either::Right((bytes, _)) => bytes,
            }
        };
        session.stop().await;
        let _ = tokio::time::timeout(Duration::from_secs(10), &mut work).await;
        let message = format!("the database grew by more than {} MB", (grown - database.bytes) / 1_000_000);
        Err(Refusal { sqlstate: TOO_BIG.into(), message, position: None })
    }

    /// Ends when the database has outgrown its limit, with its size in bytes.
    async fn outgrown(&self, database: &Database) -> i64 {
        tokio::time::sleep(SIZE_EVERY).await;
        let size = "SELECT pg_database_size(current_database())";
        // Without a session to look with, there is nothing to say here; the work itself will fail.
        let Ok(session) = self.session_in(database, Role::Judge).await else {
            return std::future::pending().await;
        };
        loop {
            let bytes = session.value(size).await.ok().and_then(|b| b.parse::<i64>().ok()).unwrap_or(0);
            if bytes > database.bytes + GROWTH_BYTES_MAX {
                return bytes;
            }
            tokio::time::sleep(SIZE_EVERY).await;
        }
    }

    async fn no_open_transaction(
        &self,
        catalogue: &Session,
        session: &Session,
        file: &str,
        statements: &[Statement],
    ) -> Result<(), Halt> {
        let state = format!("SELECT state FROM pg_stat_activity WHERE pid = {}", session.pid);
        let state = catalogue.value(&state).await?;
        if !state.starts_with("idle in transaction") {
            return Ok(());
        }
        let begin = statements.iter().rev().find(|s| {
            let text = s.text.to_ascii_lowercase();
            text.starts_with("begin") || text.starts_with("start")
        });
        let refusal = Refusal {
            sqlstate: "25P01".into(),
            message: "a transaction was left open, so nothing in it would have taken effect; add COMMIT"
                .into(),
            position: None,
        };
        Err(Stop::halt(Blame::Submission, file, begin.map(|s| s.line), refusal))
    }
}

/// Where a statement runs, and from which file.
struct Place<'p> {
    component: &'p str,
    database: &'p Database,
    source: &'p str,
}

/// A statement that failed, before it is known whose fault that is.
enum Failed {
    Refused(Refusal),
    Ours(JudgeError),
}

impl Failed {
    fn or_stop(self, stop: impl FnOnce(Refusal) -> Halt) -> Halt {
        match self {
            Failed::Refused(refusal) => stop(refusal),
            Failed::Ours(error) => Halt::Ours(error),
        }
    }
}

/// The line in the handed-in file that a refusal points to.
fn line_of(statement: &Statement, refusal: &Refusal) -> usize {
    debug_assert_ne!(refusal.sqlstate, "");
    let within = refusal.position.map_or(1, |position| sql::line_of(&statement.text, position));
    statement.line + within - 1
}

const NEWEST: &str =
    "SELECT greatest((SELECT max(oid) FROM pg_class), (SELECT coalesce(max(oid), 0) FROM pg_statistic_ext))";

/// New tables and materialised views as the template's tables are: frozen, with whole-table
/// statistics. Of old tables only those with new expressions or statistics to learn about are
/// analysed: everything else must keep its plan.
async fn settle(catalogue: &Session, before: &Before) -> Result<(), BenchError> {
    let new = format!(
        "SELECT format('VACUUM (FREEZE, ANALYZE) %I.%I', relnamespace::regnamespace, relname)
         FROM pg_class WHERE oid > {0} AND relkind IN ('r', 'm') AND relpersistence <> 't'
           AND relnamespace NOT IN ('pg_toast'::regnamespace)
         UNION
         SELECT format('ANALYZE %I.%I', t.relnamespace::regnamespace, t.relname)
         FROM pg_class t WHERE t.oid <= {0} AND t.relkind IN ('r', 'm', 'p') AND (
           EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = t.oid AND i.indexrelid > {0} AND i.indexprs IS NOT NULL)
           OR EXISTS (SELECT 1 FROM pg_statistic_ext s WHERE s.stxrelid = t.oid AND s.oid > {0}))
         ORDER BY 1",
        before.oid_max
    );
    for command in catalogue.column(&new).await? {
        match catalogue.run(&command).await {
            Ok(_) => {}
            // What cannot be analysed will fail again, and be explained, where it is used.
            Err(refusal) if refusal.sqlstate != LOST => {}
            Err(refusal) => return Err(BenchError::Sql { statement: command, refusal }),
        }
    }
    Ok(())
}
