//! Reads: rows or plans, of what was handed in or by the judge's own files.

use super::{At, Blame, Halt, Parameters, Run, Stop, column_types, typed_row};
use crate::JudgeError;
use crate::bench::session::{Refusal, Role, Session};
use crate::drill::{Probe, Script, Source};
use crate::evidence::{ColumnType, PlanMode, PlanRecord, ProbeUse};
use crate::sql::{self, Statement, Value};

/// A row of a handed-in query is kept up to this many characters: beyond it, nobody reads it.
const ROW_CHARS_MAX: usize = 100_000;
const EXPLAIN: &str = "EXPLAIN (ANALYZE, BUFFERS, WAL, TIMING OFF, FORMAT JSON)";

impl Run<'_> {
    /// Reads a probe on each of its components.
    pub(super) async fn probe(&self, name: &str, at: At) -> Result<(), Halt> {
        let probe = &self.drill.scenario.probes[name];
        let rows = match &probe.each {
            Some(set) => Some(self.parameters(set).await?),
            None => None,
        };
        for component in &probe.on {
            match &probe.run {
                Script::Slot(slot) => self.query(name, probe, slot, component, rows.as_deref(), at).await?,
                Script::File(source) => {
                    self.read(name, probe, source, component, rows.as_deref(), at).await?
                }
            }
        }
        Ok(())
    }

    /// A handed-in query, prepared with the parameters' types and executed for each row.
    async fn query(
        &self,
        name: &str,
        probe: &Probe,
        slot: &str,
        component: &str,
        rows: Option<&Parameters>,
        at: At,
    ) -> Result<(), Halt> {
        let file = &self.drill.scenario.slots[slot].file;
        let none = Parameters { columns: Vec::new(), rows: vec![Vec::new()] };
        let rows = rows.unwrap_or(&none);
        let prepared = Prepared::new(self.handed_in.text(slot).unwrap_or_default(), rows, probe.plan)
            .map_err(|e| {
                let refusal = Refusal { sqlstate: "42601".into(), message: e.to_string(), position: None };
                Stop::halt(Blame::Submission, file, e.line(), refusal)
            })?;
        let stop =
            |refusal: Refusal| Stop::halt(Blame::Submission, file, Some(prepared.line(&refusal)), refusal);
        let session = self.session(component, self.role()).await?;
        session.run_within(&prepared.text, self.hang_limit()).await.map_err(stop)?;
        for index in 0..rows.rows.len() {
            let no = probe.each.as_ref().map(|_| index as i64 + 1);
            let started_us = self.now_us();
            let execute = prepared.execute(&rows.rows[index]);
            if probe.plan {
                for (mode, setting) in
                    [(PlanMode::Custom, "force_custom_plan"), (PlanMode::Generic, "force_generic_plan")]
                {
                    let json = self.explain(&session, setting, &execute).await.map_err(stop)?;
                    self.keep_plan(name, component, no, mode, json, at)?;
                }
            } else {
                fresh_settings(&session).await.map_err(stop)?;
                let found = session
                    .within(self.hang_limit(), session.query(&execute, probe.rows_max))
                    .await
                    .map_err(stop)?;
                let place = ProbeUse { phase: at.phase, tick: at.tick, component: component.into(), no };
                let cells = found
                    .rows
                    .into_iter()
                    .map(|row| vec![Value::Text(row.into_iter().next().flatten().unwrap_or_default())]);
                self.evidence.borrow_mut().probe(
                    name,
                    &place,
                    &[("json".into(), ColumnType::Text)],
                    cells,
                )?;
            }
            self.own_time(started_us);
        }
        Ok(())
    }

    async fn explain(&self, session: &Session, setting: &str, execute: &str) -> Result<String, Refusal> {
        fresh_settings(session).await?;
        session.run(&format!("SET plan_cache_mode = {setting}")).await?;
        let explain = format!("{EXPLAIN} {execute}");
        let found = session.within(self.hang_limit(), session.query(&explain, 1)).await?;
        Ok(found.rows.into_iter().flatten().next().flatten().unwrap_or_default())
    }

    fn keep_plan(
        &self,
        name: &str,
        component: &str,
        no: Option<i64>,
        mode: PlanMode,
        json: String,
        at: At,
    ) -> Result<(), JudgeError> {
        let record = PlanRecord {
            probe: name.to_string(),
            phase: at.phase,
            tick: at.tick,
            component: component.to_string(),
            no,
            mode,
            json,
        };
        Ok(self.evidence.borrow_mut().plan(&record)?)
    }

    /// A file of the drill's author: all its statements in one transaction, the last one read.
    async fn read(
        &self,
        name: &str,
        probe: &Probe,
        source: &Source,
        component: &str,
        rows: Option<&Parameters>,
        at: At,
    ) -> Result<(), Halt> {
        let ours = |e: String| JudgeError::Drill(format!("{}: {e}", source.file));
        let statements = sql::split(&source.text).map_err(|e| ours(e.to_string()))?;
        let Some((last, first)) = statements.split_last() else {
            return Err(ours("the file holds no statement".into()).into());
        };
        let session = self.session(component, Role::App).await?;
        for index in 0..rows.map_or(1, |set| set.rows.len()) {
            let mut variables = self.variables(component, at.tick);
            if let Some(set) = rows {
                variables.extend(set.variables(index));
            }
            let stop =
                |line: usize| move |refusal| Stop::halt(Blame::Aftermath, &source.file, Some(line), refusal);
            session.run("BEGIN").await.map_err(stop(last.line))?;
            for statement in first {
                let text = sql::fill(&statement.text, &variables);
                session.run_within(&text, self.hang_limit()).await.map_err(stop(statement.line))?;
            }
            let no = rows.map(|_| index as i64 + 1);
            let text = sql::fill(&last.text, &variables);
            if probe.plan {
                let found =
                    session.within(self.hang_limit(), session.query(&format!("{EXPLAIN} {text}"), 1)).await;
                let json = found.map_err(stop(last.line))?.rows.into_iter().flatten().next().flatten();
                self.keep_plan(name, component, no, PlanMode::Custom, json.unwrap_or_default(), at)?;
            } else {
                let place = ProbeUse { phase: at.phase, tick: at.tick, component: component.into(), no };
                self.rows(name, probe, &session, &text, &place).await?.map_err(stop(last.line))?;
            }
            session.run("COMMIT").await.map_err(stop(last.line))?;
        }
        Ok(())
    }

    async fn rows(
        &self,
        name: &str,
        probe: &Probe,
        session: &Session,
        text: &str,
        place: &ProbeUse,
    ) -> Result<Result<(), Refusal>, JudgeError> {
        let columns = match session.columns(text).await {
            Ok(columns) => columns,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let found = match session.within(self.hang_limit(), session.query(text, probe.rows_max)).await {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let cells = found.rows.iter().map(|row| typed_row(row, &columns));
        self.evidence.borrow_mut().probe(name, place, &column_types(&columns), cells)?;
        Ok(Ok(()))
    }
}

/// Undoes what a query's functions may have set in the session.
async fn fresh_settings(session: &Session) -> Result<(), Refusal> {
    session.run("RESET ALL").await.map(drop)
}

/// A handed-in query as a prepared statement.
struct Prepared {
    text: String,
    /// Lines of ours above the query.
    lines_above: usize,
    /// The query's own first line in its file, from 1.
    first_line: usize,
    /// Its last one.
    last_line: usize,
}

impl Prepared {
    fn new(query: &str, rows: &Parameters, plan: bool) -> Result<Prepared, sql::SqlError> {
        let Statement { line, text } = sql::one(query)?;
        let last_line = line + text.matches('\n').count();
        let names: Vec<String> = rows.columns.iter().map(|(name, _)| name.clone()).collect();
        let (text, _) = sql::positional(&text, &names)?;
        let types: Vec<String> =
            rows.columns.iter().map(|(_, t)| format!("\"{}\".\"{}\"", t.schema(), t.name())).collect();
        let types = if types.is_empty() { String::new() } else { format!(" ({})", types.join(", ")) };
        // Rows come as JSON, cut at a length, so that two runs' rows can be compared as text and a
        // huge value never leaves the server.
        let text = if plan {
            format!("PREPARE hotseat{types} AS\n{text}")
        } else {
            format!(
                "PREPARE hotseat{types} AS SELECT left(to_json(hotseat)::text, {ROW_CHARS_MAX}) AS json FROM (\n{text}\n) hotseat"
            )
        };
        Ok(Prepared { text, lines_above: 1, first_line: line, last_line })
    }

    fn execute(&self, row: &[Value]) -> String {
        if row.is_empty() {
            return "EXECUTE hotseat".into();
        }
        let cells: Vec<String> = row.iter().map(Value::literal).collect();
        format!("EXECUTE hotseat ({})", cells.join(", "))
    }

    fn line(&self, refusal: &Refusal) -> usize {
        let within = refusal.position.map_or(self.lines_above + 1, |at| sql::line_of(&self.text, at));
        let line = self.first_line + within.saturating_sub(self.lines_above + 1);
        // What is wrong with a query may show only in what stands below it.
        line.min(self.last_line)
    }
}
