mod case;

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anstream::println;
use clap::Args;
use futures_util::future::try_join_all;
use judge::bench::Bench;
use judge::drill::Drill;
use judge::submission::Submission;
use judge::verdict::{RUNS, Ruling, Verdict};
use serde::Serialize;

use super::{Options, interrupted};
use crate::charts;
use crate::failure::{Failure, VOID};
use crate::home::{Home, NewRun};
use crate::pack::Pack;
use crate::terminal::{BAD, BOLD, GOOD, Live};
use crate::use_cases::bench::on_benches;
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
    pub(super) async fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
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
        let live = Rc::new(Live::new(false));
        let benches: Vec<PathBuf> = (1..=self.jobs)
            .map(|job| match job {
                1 => home.dir.clone(),
                _ => home.dir.join(format!("job-{job}")),
            })
            .collect();
        let (rows, server) = on_benches(&benches, live.clone(), interrupted(), async |benches| {
            let _busy = self.busy.then(Busy::start);
            let rows = self.judge_all(&drill, &cases, benches, &store, &live, options.json).await?;
            Ok((rows, format!("PostgreSQL {}", benches[0].version())))
        })
        .await?;
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

    async fn judge_all(
        &self,
        drill: &Drill,
        cases: &[Case<'_>],
        benches: &[Bench],
        store: &Store<'_>,
        live: &Live,
        json: bool,
    ) -> Result<Vec<Row>, Failure> {
        let all = cases.len() * self.runs as usize;
        let next = Cell::new(0);
        let next = &next;
        let jobs = benches.iter().map(|bench| async move {
            let mut rows = Vec::new();
            while next.get() < all {
                let number = next.replace(next.get() + 1);
                let (case, run) = (&cases[number % cases.len()], (number / cases.len()) as u32 + 1);
                live.doing(format!("{}/{all} {} {}", number + 1, case.role, case.name));
                let seed = self.seed.unwrap_or_else(judge::fresh_seed);
                let folder = store.home.new_run()?;
                let verdict = case.judge(drill, bench, seed, &folder.dir).await?;
                let row = Row::new(case, run, seed, &verdict, debrief_error(drill, &verdict, &folder.dir));
                if row.right != Some(true) {
                    keep(folder, drill, case, verdict, store, live)?;
                }
                if !json {
                    live.print(|| print_row(&row));
                }
                rows.push((number, row));
                bench.tidy().await?;
            }
            Ok::<_, Failure>(rows)
        });
        let mut rows = try_join_all(jobs).await?.concat();
        rows.sort_by_key(|(number, _)| *number);
        live.done();
        Ok(rows.into_iter().map(|(_, row)| row).collect())
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
