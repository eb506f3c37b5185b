//! Interleaved loads: the sessions of a group take turns, and nothing depends on time.
//!
//! A move lets one session go on until its statement has ended, it waits for a lock that another
//! session of the group holds, or it stands at a gate. What it waits for is asked of PostgreSQL
//! (`pg_blocking_pids`), so a slow machine gives the same interleaving as a fast one.

use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};
use tokio::sync::mpsc;

use super::load::Ready;
use super::operation::{Moved, Turns, perform as perform_operation};
use super::session::{HANG, Refusal, Role, Session};
use super::{BenchError, Event};
use crate::JudgeError;
use crate::evidence::{FaultRecord, WaitRecord};
use crate::run::{Blame, Halt, Stop};
use crate::sql::Value;

/// A session may come to this many gates in one try.
const GATES_MAX: i64 = 16;
/// How often PostgreSQL is asked what a session waits for.
const ASK_EVERY: Duration = Duration::from_millis(1);

/// Performs the groups one after another, in the order of their first rows.
pub(super) async fn perform(ready: &Ready<'_>, group: &str, cut: Option<&str>) -> Result<(), Halt> {
    let group = ready.column(group)?;
    let cut = cut.map(|column| ready.column(column)).transpose()?;
    let mut groups: Vec<(Value, Vec<usize>)> = Vec::new();
    for (index, row) in ready.rows.rows.iter().enumerate() {
        match groups.iter_mut().find(|(name, _)| *name == row[group]) {
            Some((_, members)) => members.push(index),
            None => groups.push((row[group].clone(), vec![index])),
        }
    }
    let monitor = ready.run.session(&ready.load.on, Role::Judge).await?;
    let mut idle = Idle::new();
    for (name, members) in groups {
        one_group(ready, &monitor, &name, &members, cut, &mut idle).await?;
    }
    Ok(())
}

/// Where a session of a group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Its next statement waits for its turn.
    Ready,
    /// A statement is under way, and not known to wait.
    Running,
    /// It stands at this gate, inside a statement.
    AtGate(i64),
    /// It waits for a lock that this member of the group holds.
    Waiting(usize),
    /// Its script has ended.
    Over,
}

/// A session of a group, seen from the scheduler.
struct Member {
    /// Its row in the parameter set.
    index: usize,
    op: i64,
    pid: i32,
    /// Its number for gates.
    key: i64,
    /// The line of its statement under way, or 0.
    line: usize,
    leave: Option<mpsc::UnboundedSender<()>>,
    moved: mpsc::UnboundedReceiver<Moved>,
    state: State,
    /// The number of the gate at which it loses its session, and whether that is done.
    cut_at: Option<i64>,
    cut_done: bool,
    /// Gates that it has come to already: after a retry they stay open.
    gates_seen: i64,
}

/// A member with its session, and the operation's end of the turns.
struct Seat {
    member: Member,
    session: Session,
    turns: Turns,
}

/// Sessions that an earlier group has left in order. Opening one costs more than its whole move.
type Idle = Vec<(Role, Session)>;

async fn take_seat(
    ready: &Ready<'_>,
    index: usize,
    key: i64,
    cut: Option<usize>,
    idle: &mut Idle,
) -> Result<Seat, Halt> {
    let (_, role, _) = ready.script(index)?;
    let session = match idle.iter().position(|(idle_role, _)| idle_role == role) {
        Some(position) => idle.swap_remove(position).1,
        None => ready.run.session(&ready.load.on, *role).await?,
    };
    session.execute(&format!("SET hotseat.gate = {key}")).await?;
    let (leave, on_leave) = mpsc::unbounded_channel();
    let (tell, moved) = mpsc::unbounded_channel();
    let cut_at = cut.and_then(|column| match ready.rows.rows[index][column] {
        Value::Int(gate) => Some(gate),
        _ => None,
    });
    let member = Member {
        index,
        op: ready.next_op(),
        pid: session.pid,
        key,
        line: 0,
        leave: Some(leave),
        moved,
        state: State::Ready,
        cut_at,
        cut_done: false,
        gates_seen: 0,
    };
    Ok(Seat { member, session, turns: Turns { leave: on_leave, moved: tell } })
}

async fn one_group(
    ready: &Ready<'_>,
    monitor: &Session,
    name: &Value,
    indices: &[usize],
    cut: Option<usize>,
    idle: &mut Idle,
) -> Result<(), Halt> {
    let (mut members, mut performed) = (Vec::new(), Vec::new());
    for (key, index) in (1..).zip(indices) {
        let Seat { member, session, mut turns } = take_seat(ready, *index, key, cut, idle).await?;
        members.push(member);
        performed.push(async move {
            let started_us = ready.run.now_us();
            let ended = perform_operation(&session, &ready.operation(*index)?, Some(&mut turns)).await;
            // What it still holds, it lets go of now, or the others would wait for ever.
            let idle = session.run("DISCARD ALL").await.is_ok().then_some(session);
            Ok::<_, JudgeError>((started_us, ended, idle))
        });
    }
    let locks = format!(
        "SELECT pg_advisory_lock(k, n) FROM generate_series(1, {}) k, generate_series(1, {GATES_MAX}) n",
        members.len()
    );
    monitor.execute(&locks).await?;
    let mut scheduler = Scheduler { ready, monitor, members };
    let (performed, scheduled) = join(join_all(performed), scheduler.run()).await;
    // The locks of this group's gates must not outlive it, whatever happened.
    monitor.execute("SELECT pg_advisory_unlock_all()").await?;
    scheduled?;
    scheduler.note_faults()?;
    for ((member, index), performed) in scheduler.members.iter().zip(indices).zip(performed) {
        let (started_us, ended, session) = performed?;
        ready.record(*index, member.op, member.key, name.clone(), started_us, &ended)?;
        if let Some(session) = session {
            idle.push((ready.script(*index)?.1, session));
        }
    }
    Ok(())
}

struct Scheduler<'s> {
    ready: &'s Ready<'s>,
    monitor: &'s Session,
    members: Vec<Member>,
}

impl Scheduler<'_> {
    /// Round robin over the members until all are over.
    async fn run(&mut self) -> Result<(), Halt> {
        let scheduled = self.turns().await;
        // Whoever still waits for leave gets it, so that every session comes to its end.
        for member in &mut self.members {
            member.leave = None;
        }
        scheduled
    }

    async fn turns(&mut self) -> Result<(), Halt> {
        let mut stuck_since: Option<Instant> = None;
        while self.members.iter().any(|m| m.state != State::Over) {
            let mut moved = false;
            for turn in 0..self.members.len() {
                if self.start_move(turn).await? {
                    moved = true;
                    self.settle(turn).await?;
                }
                moved |= self.rest().await?;
            }
            if moved {
                stuck_since = None;
            } else {
                // All wait for each other: PostgreSQL will find the deadlock and end one of them.
                let since = *stuck_since.get_or_insert_with(Instant::now);
                if since.elapsed() > self.ready.run.hang_limit() * 2 {
                    return Err(self.hang(0));
                }
                tokio::time::sleep(ASK_EVERY).await;
            }
        }
        Ok(())
    }

    /// A move may have freed others. They go on until all stand still, before anyone else moves.
    async fn rest(&mut self) -> Result<bool, Halt> {
        let mut moved = false;
        loop {
            let mut freed = false;
            for other in 0..self.members.len() {
                if matches!(self.members[other].state, State::Waiting(_)) {
                    freed |= self.look_again(other).await?;
                }
                if self.members[other].state == State::Running {
                    self.settle(other).await?;
                    freed = true;
                }
            }
            if !freed {
                return Ok(moved);
            }
            moved = true;
        }
    }

    /// Lets a session make its move, if it can: a statement, or a gate.
    async fn start_move(&mut self, turn: usize) -> Result<bool, BenchError> {
        match self.members[turn].state {
            State::Ready => {
                let gone = self.members[turn].leave.as_ref().is_none_or(|leave| leave.send(()).is_err());
                self.members[turn].state = if gone { State::Over } else { State::Running };
                Ok(true)
            }
            State::AtGate(gate) => {
                if !self.cut(turn, gate).await? {
                    let open = format!("SELECT pg_advisory_unlock({}, {gate})", self.members[turn].key);
                    self.monitor.execute(&open).await?;
                }
                self.members[turn].state = State::Running;
                Ok(true)
            }
            State::Waiting(_) | State::Running | State::Over => Ok(false),
        }
    }

    /// Ends the session that stands at the gate of its fault.
    async fn cut(&mut self, turn: usize, gate: i64) -> Result<bool, BenchError> {
        let member = &mut self.members[turn];
        if member.cut_at != Some(gate) || member.cut_done {
            return Ok(false);
        }
        let pid = member.pid;
        member.cut_done = self.monitor.value(&format!("SELECT pg_terminate_backend({pid})")).await? == "t";
        // Until it is gone, others would wait for its locks. PostgreSQL itself looks every 100 ms.
        let there = format!("SELECT count(*) FROM pg_stat_activity WHERE pid = {pid}");
        while self.members[turn].cut_done && self.monitor.value(&there).await? != "0" {
            tokio::time::sleep(ASK_EVERY).await;
        }
        Ok(self.members[turn].cut_done)
    }

    /// Waits until the session stands still: ready, at a gate, waiting for another, or over.
    async fn settle(&mut self, turn: usize) -> Result<(), Halt> {
        let since = Instant::now();
        loop {
            self.look_again(turn).await?;
            if self.members[turn].state != State::Running {
                return Ok(());
            }
            if since.elapsed() > self.ready.run.hang_limit() * 2 {
                return Err(self.hang(turn));
            }
        }
    }

    /// Each statement has its own limit, so this is a second net: statements that neither end nor
    /// stand still.
    fn hang(&self, turn: usize) -> Halt {
        let member = &self.members[turn];
        let file = self.ready.script(member.index).map(|(_, _, file)| file.clone()).unwrap_or_default();
        let message = "the sessions of an interleaved group never came to rest".into();
        let refusal = Refusal { sqlstate: HANG.into(), message, position: None };
        Stop::halt(Blame::Submission, &file, (member.line > 0).then_some(member.line), refusal)
    }

    /// Looks where a session under way is now; true if that has changed.
    async fn look_again(&mut self, turn: usize) -> Result<bool, Halt> {
        let before = self.members[turn].state;
        let told = tokio::time::timeout(ASK_EVERY, self.members[turn].moved.recv()).await;
        let state = match told {
            Ok(None) => State::Over,
            Ok(Some(Moved::Started(line))) => {
                self.members[turn].line = line;
                State::Running
            }
            Ok(Some(Moved::Ended)) => State::Ready,
            Err(_) => self.ask(turn).await?,
        };
        self.members[turn].state = state;
        if let (State::Waiting(holder), true) = (state, before != state) {
            self.note_wait(turn, holder).await?;
        }
        if let (State::AtGate(gate), true) = (state, before != state) {
            self.note_gate(turn, gate)?;
        }
        Ok(before != state)
    }

    /// Asks PostgreSQL what a session with a statement under way waits for.
    async fn ask(&self, turn: usize) -> Result<State, BenchError> {
        let blockers = format!("SELECT unnest(pg_blocking_pids({}))", self.members[turn].pid);
        let blockers = self.monitor.column(&blockers).await?;
        let pids: Vec<i32> = blockers.iter().filter_map(|pid| pid.parse().ok()).collect();
        if pids.contains(&self.monitor.pid) {
            let gate = format!(
                "SELECT objid FROM pg_locks WHERE pid = {} AND locktype = 'advisory' AND NOT granted AND classid = {}",
                self.members[turn].pid, self.members[turn].key
            );
            return Ok(match self.monitor.value(&gate).await?.parse() {
                Ok(gate) => State::AtGate(gate),
                // It passed between the two questions.
                Err(_) => State::Running,
            });
        }
        let holder = self.members.iter().position(|m| pids.contains(&m.pid));
        Ok(holder.map_or(State::Running, State::Waiting))
    }

    async fn note_wait(&self, turn: usize, holder: usize) -> Result<(), Halt> {
        let what = format!(
            "SELECT mode, CASE WHEN relation IS NOT NULL THEN relation::regclass::text END
             FROM pg_locks WHERE pid = {} AND NOT granted LIMIT 1",
            self.members[turn].pid
        );
        let found = self.monitor.query(&what, 1).await;
        let found = found.map_err(|refusal| BenchError::Sql { statement: what, refusal })?;
        let row = found.rows.into_iter().next().unwrap_or_default();
        let mut cells = row.into_iter();
        let record = WaitRecord {
            op: self.members[turn].op,
            holder: Some(self.members[holder].op),
            line: i64::try_from(self.members[turn].line).ok().filter(|line| *line > 0),
            lock: cells.next().flatten(),
            relation: cells.next().flatten(),
        };
        self.ready.run.evidence.borrow_mut().wait(&record).map_err(JudgeError::from)?;
        Ok(())
    }

    fn note_gate(&mut self, turn: usize, gate: i64) -> Result<(), Halt> {
        let member = &mut self.members[turn];
        if gate > member.gates_seen {
            member.gates_seen = gate;
            self.ready.run.evidence.borrow_mut().gate(member.op, gate).map_err(JudgeError::from)?;
        }
        Ok(())
    }

    /// A fault that never came to its gate is written down too: it had no effect.
    fn note_faults(&self) -> Result<(), Halt> {
        for member in &self.members {
            if let Some(at) = member.cut_at {
                let record =
                    FaultRecord { op: Some(member.op), kind: "cut".into(), at, effect: member.cut_done };
                self.ready.run.evidence.borrow_mut().fault(&record).map_err(JudgeError::from)?;
                self.ready.run.tell(Event::Fault { name: "cut", landed: member.cut_done });
            }
        }
        Ok(())
    }
}
