mod case;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use anstream::println;
use clap::Args;
use judge::bench::Bench;
use judge::drill::Drill;
use judge::submission::Submission;
use judge::verdict::{RUNS, Ruling, Verdict};
use serde::Serialize;
use tokio::task::LocalSet;

use super::{Options, interrupted};
use crate::charts;
use crate::failure::{Failure, VOID};
use crate::home::{Home, NewRun};
use crate::pack::Pack;
use crate::terminal::{BAD, BOLD, GOOD, Live};
use crate::use_cases::bench::on_bench;
use case::{Case, Expected, all, levels_for, part_of, role_of, without_absent_languages};

/// With `--busy`, this many busy loops for each core.
const LOOPS_PER_CORE: usize = 4;

/// Prove a drill's judge: the starter fails, the solutions pass, each wrong answer is caught by the
/// check that it is filed under
#[derive(Debug, Args)]
pub(crate) struct Prove {
    /// The drill
    name: String,
    /// Judge each submission this often
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    runs: u32,
    /// Keep the machine busy meanwhile: four busy loops a core
    #[arg(long)]
    busy: bool,
    /// Judge this many at a time, each on a bench of its own
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=64))]
    jobs: u32,
    /// Judge only a part, in which every check is broken once: one starter, the solutions, and one wrong
    /// answer for each check
    #[arg(long, conflicts_with = "submission")]
    part: bool,
    /// Judge only this folder, from anywhere: your own submission
    #[arg(long, value_name = "DIR")]
    submission: Option<PathBuf>,
    /// What the ruling on --submission must be: pass, fail, or the check that must catch it
    /// [default: from its path, when it lies in starter, solutions/… or wrong/…]
    #[arg(long, requires = "submission")]
    expect: Option<String>,
    /// Repeat a proof with its seed [default: a fresh one for each judging]
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=i64::MAX as u64))]
    seed: Option<u64>,
}

/// Where runs are kept, and the pack on disk that they came from.
struct Store<'s> {
    home: &'s Home,
    pack: Option<&'s Path>,
}

/// One ruling, as `--json` prints it.
#[derive(Clone, Serialize)]
struct Row {
    role: &'static str,
    name: String,
    level: String,
    run: u32,
    seed: u64,
    expected: Option<&'static str>,
    ruled: &'static str,
    broken: Vec<String>,
    right: Option<bool>,
    /// What was expected instead, or what is wrong with the debrief; null when it is right.
    why_wrong: Option<String>,
    why_void: Option<String>,
    total_ms: u64,
    own_ms: u64,
}

impl Prove {
    pub(super) fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let pack = Pack::open(options.pack.as_deref())?;
        let drill = pack.drill(&self.name)?;
        let cases = match &self.submission {
            Some(dir) => self.given(&drill, dir)?,
            None if self.part => part_of(all(&drill)),
            None => all(&drill),
        };
        let (cases, skipped) = without_absent_languages(&drill, cases);
        let home = Home::open()?;
        let store = Store { home: &home, pack: pack.path.as_deref() };
        let busy = self.busy.then(Busy::start);
        let proof = Proof {
            order: &self,
            drill: &drill,
            cases: &cases,
            store: &store,
            live: &Live::new(false),
            json: options.json,
            next: AtomicUsize::new(0),
        };
        let (rows, server) = proof.perform()?;
        drop(busy);
        let judged = rows.iter().filter(|row| row.right.is_some()).count();
        let right = rows.iter().filter(|row| row.right == Some(true)).count();
        if options.json {
            let date = jiff::Timestamp::now().strftime("%F").to_string();
            println!(
                "{}",
                serde_json::json!({
                    "schema": 1, "drill": drill.name, "version": drill.version, "busy": self.busy,
                    "submissions": rows, "skipped": skipped, "right": right, "of": judged, "server": server, "date": date
                })
            );
        } else {
            skipped.iter().for_each(|it| println!("{BOLD}skipped{BOLD:#} {it}"));
            print_card(&drill, &rows, right, judged, &server, self.busy);
        }
        let void = rows.iter().any(|row| row.ruled == Ruling::Void.word());
        Ok(match (right == judged, void) {
            (true, false) => ExitCode::SUCCESS,
            (true, true) => ExitCode::from(VOID),
            (false, _) => ExitCode::FAILURE,
        })
    }

    /// The submission of `--submission`; a program is judged at each level, or at the one it is for.
    fn given<'d>(&self, drill: &'d Drill, dir: &Path) -> Result<Vec<Case<'d>>, Failure> {
        if !dir.is_dir() {
            return Err(Failure::usage(format!("{} is no folder", dir.display()))
                .hint("name the folder that holds your files"));
        }
        let (role, name, from_path) = role_of(dir);
        // A wrong answer of a program holds only what differs, so the pack's own is whole.
        let of_pack = drill.wrong.get(&name).filter(|_| role == "wrong" && !drill.starters.is_empty());
        let handed_in = match of_pack {
            Some(whole) => whole.clone(),
            None => Submission::read_some(dir, drill)?,
        };
        let expected = match self.expect.as_deref() {
            None => from_path,
            Some("pass") => Some(Expected::Pass),
            Some("fail") => Some(Expected::Fail),
            Some(check) if check == RUNS || drill.checks.iter().any(|c| c.name == check) => {
                Some(Expected::CaughtBy(check.into()))
            }
            Some(other) => {
                let checks: Vec<&str> = drill.checks.iter().map(|c| c.name.as_str()).collect();
                return Err(Failure::usage(format!("`{}` has no check `{other}`", drill.name))
                    .hint(format!("--expect takes pass, fail, {RUNS}, {}", checks.join(", "))));
            }
        };
        let levels = levels_for(drill, &handed_in, expected.as_ref());
        if levels.is_empty() {
            let what = format!("no level of `{}` takes all the files in {}", drill.name, dir.display());
            return Err(Failure::usage(what));
        }
        let case = |level| Case {
            role,
            name: name.clone(),
            level,
            handed_in: handed_in.clone(),
            expected: expected.clone(),
        };
        Ok(levels.into_iter().map(case).collect())
    }
}

/// A proof at work: all jobs take the next judging from one list.
struct Proof<'p> {
    order: &'p Prove,
    drill: &'p Drill,
    cases: &'p [Case<'p>],
    store: &'p Store<'p>,
    live: &'p Live,
    json: bool,
    /// The number of the judging that nobody has taken yet.
    next: AtomicUsize,
}

/// What a job has judged, by number, and with which server.
type Judged = (Vec<(usize, Row)>, String);

impl Proof<'_> {
    /// Gives the rows in order, and the server's version. Each job has a thread of its own: a judge that has
    /// to share one is late however idle the machine is.
    fn perform(&self) -> Result<(Vec<Row>, String), Failure> {
        let judged = thread::scope(|scope| {
            let jobs: Vec<_> = (1..=self.order.jobs).map(|job| scope.spawn(move || self.job(job))).collect();
            let ended = jobs.into_iter().map(|job| match job.join() {
                Ok(judged) => judged,
                Err(_) => Err(Failure::bug("a job of the proof panicked")),
            });
            ended.collect::<Vec<_>>()
        });
        self.live.done();
        let judged = judged.into_iter().collect::<Result<Vec<Judged>, _>>()?;
        let server = judged.first().map(|(_, server)| server.clone()).unwrap_or_default();
        let mut rows: Vec<_> = judged.into_iter().flat_map(|(rows, _)| rows).collect();
        rows.sort_by_key(|(number, _)| *number);
        Ok((rows.into_iter().map(|(_, row)| row).collect(), server))
    }

    /// What one job does, from 1, on a bench of its own.
    fn job(&self, job: u32) -> Result<Judged, Failure> {
        let dir = match job {
            1 => self.store.home.dir.clone(),
            _ => self.store.home.dir.join(format!("job-{job}")),
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::bug(format!("no runtime: {error}")))?;
        let judged = LocalSet::new().block_on(&runtime, async {
            on_bench(&dir, Rc::new(self.live.clone()), interrupted(), async |bench| {
                Ok((self.judge_in_turn(bench).await?, format!("PostgreSQL {}", bench.version())))
            })
            .await
        });
        if judged.is_err() {
            self.next.store(usize::MAX, Ordering::Relaxed);
        }
        judged
    }

    async fn judge_in_turn(&self, bench: &Bench) -> Result<Vec<(usize, Row)>, Failure> {
        let all = self.cases.len() * self.order.runs as usize;
        let mut rows = Vec::new();
        let take = |number: usize| (number < all).then(|| number + 1);
        while let Ok(number) = self.next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take) {
            let (case, run) =
                (&self.cases[number % self.cases.len()], (number / self.cases.len()) as u32 + 1);
            self.live.doing(format!("{}/{all} {} {}", number + 1, case.role, case.name));
            let seed = self.order.seed.unwrap_or_else(judge::fresh_seed);
            let folder = self.store.home.new_run()?;
            let verdict = case.judge(self.drill, bench, seed, &folder.dir).await?;
            let row = Row::new(case, run, seed, &verdict, debrief_error(self.drill, &verdict, &folder.dir));
            if row.right != Some(true) {
                keep(folder, self.drill, case, verdict, self.store, self.live)?;
            }
            if !self.json {
                self.live.print(|| print_row(&row));
            }
            rows.push((number, row));
            bench.tidy().await?;
        }
        Ok(rows)
    }
}

impl Row {
    fn new(case: &Case<'_>, run: u32, seed: u64, verdict: &Verdict, debrief_error: Option<String>) -> Row {
        let why_wrong = case.expected.as_ref().and_then(|expected| match expected.is_met(verdict) {
            true => debrief_error,
            false => Some(expected.in_words(verdict)),
        });
        Row {
            role: case.role,
            name: case.name.clone(),
            level: case.level.name.clone(),
            run,
            seed,
            expected: case
                .expected
                .as_ref()
                .map(|expected| if matches!(expected, Expected::Pass) { "pass" } else { "fail" }),
            ruled: verdict.ruling.word(),
            broken: verdict.broken().into_iter().map(str::to_string).collect(),
            right: case.expected.as_ref().map(|_| why_wrong.is_none()),
            why_wrong,
            why_void: verdict.why_void.clone(),
            total_ms: verdict.timing.total_ms,
            own_ms: verdict.timing.own_ms,
        }
    }
}

/// What is wrong with the debrief that a learner would see after this pass.
fn debrief_error(drill: &Drill, verdict: &Verdict, dir: &Path) -> Option<String> {
    if verdict.ruling != Ruling::Pass {
        return None;
    }
    let filled = judge::open_run(dir).map_err(|e| e.to_string()).and_then(|reading| {
        judge::debrief::fill(&drill.debrief, &verdict.findings, &reading).map_err(|e| e.to_string())
    });
    filled.err().map(|error| format!("debrief.md cannot be shown: {error}"))
}

/// Keeps the evidence of what was not ruled right, and says where.
fn keep(
    folder: NewRun,
    drill: &Drill,
    case: &Case<'_>,
    mut verdict: Verdict,
    store: &Store<'_>,
    live: &Live,
) -> Result<(), Failure> {
    charts::draw(&verdict.findings, &folder.dir);
    let stored = store.home.keep(folder, drill, &case.handed_in, store.pack, &mut verdict)?;
    live.print(|| {
        let run = verdict.run.as_deref().unwrap_or_default();
        let pack = store.pack.map_or_else(String::new, |pack| format!(" --pack {}", pack.display()));
        anstream::eprintln!(
            "{}/{}: evidence kept in {}; see it: hotseat drill replay {run}{pack}",
            case.role,
            case.name,
            stored.dir.display()
        );
    });
    Ok(())
}

fn print_row(row: &Row) {
    let (style, mark) = match row.right {
        Some(true) => (GOOD, "right"),
        Some(false) => (BAD, "WRONG"),
        None => (BOLD, "     "),
    };
    let broken =
        if row.broken.is_empty() { String::new() } else { format!("  broken: {}", row.broken.join(", ")) };
    let whys = [&row.why_wrong, &row.why_void].into_iter().flatten();
    let why: String = whys.map(|why| format!("  {why}")).collect();
    println!("{style}{mark}{style:#} {:<8} {:<44} {}{broken}{why}", row.role, row.name, row.ruled);
}

fn print_card(drill: &Drill, rows: &[Row], right: usize, judged: usize, server: &str, busy: bool) {
    let runs = rows.iter().map(|row| row.run).max().unwrap_or(0);
    let busy = if busy { ", on an oversubscribed machine" } else { "" };
    println!("\n{BOLD}trust card{BOLD:#} {} version {}", drill.name, drill.version);
    println!("{} submissions, {runs} runs each{busy}, {server}", rows.len() / runs.max(1) as usize);
    let style = if right == judged { GOOD } else { BAD };
    println!("{style}{right} of {judged}{style:#} rulings right");
}

/// Busy loops that end with this value.
struct Busy(Arc<AtomicBool>);

impl Busy {
    fn start() -> Busy {
        let stop = Arc::new(AtomicBool::new(false));
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        for _ in 0..cores * LOOPS_PER_CORE {
            let stop = Arc::clone(&stop);
            std::thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        Busy(stop)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
