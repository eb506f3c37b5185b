mod clerk;
mod order;
mod parse;

use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anstream::println;
use clap::Args;
use judge::evidence::Evidence;
use load::{Outcome, Plan, Record, Report};
use serde_json::Value;

use super::{Options, interrupted};
use crate::failure::{Failure, INTERRUPTED, VOID};
use crate::home::{Home, NewRun};
use crate::terminal::{Live, print_load};
use clerk::Clerk;
use order::Order;

/// How often the progress bar is told what goes on.
const LOOK: Duration = Duration::from_millis(200);

/// Load an HTTP server on schedule, and see how long people would have waited for it
#[derive(Debug, Args)]
pub(crate) struct Load {
    /// Where to, such as http://127.0.0.1:8080/orders (what can stand in it: docs/load.md)
    url: String,
    /// Requests a second, on a schedule that is kept whatever the server does [default: 100]
    #[arg(long, value_name = "N", value_parser = parse::rate, conflicts_with = "clients")]
    rate: Option<f64>,
    /// For how long requests are begun: 500ms, 10s, 2m
    #[arg(long = "for", value_name = "TIME", default_value = "10s", value_parser = parse::duration)]
    lasts: Duration,
    /// A closed loop instead: so many clients, each of which asks again once it has its answer
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    clients: Option<u32>,
    /// Rise evenly from nothing to the rate first, for so long
    #[arg(long, value_name = "TIME", value_parser = parse::duration, conflicts_with = "clients")]
    ramp: Option<Duration>,
    /// The method [default: GET, with a body POST]
    #[arg(long)]
    method: Option<String>,
    /// A header; may be given several times
    #[arg(long = "header", value_name = "NAME: VALUE", value_parser = parse::header)]
    headers: Vec<(String, String)>,
    /// The file with the body, `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    body: Option<PathBuf>,
    /// The body itself
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    data: Option<String>,
    /// When a request is given up, counted from its scheduled start
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = parse::duration)]
    timeout: Duration,
    /// The most connections at once; beyond them requests wait, and their clock runs
    #[arg(long, value_name = "N", default_value = "1024", conflicts_with = "clients")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=100_000))]
    connections: u32,
    /// Give each request a connection of its own
    #[arg(long)]
    no_keep_alive: bool,
    /// Repeat what `${draw:N}` in URL, headers or body has drawn [default: a fresh one]
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=i64::MAX as u64))]
    seed: Option<u64>,
    /// Write the evidence to this file instead of into the data directory
    #[arg(long, value_name = "FILE", conflicts_with = "no_evidence")]
    evidence: Option<PathBuf>,
    /// Write no evidence
    #[arg(long)]
    no_evidence: bool,
    /// Load a server that is not this machine; it must be yours to load
    #[arg(long)]
    remote: bool,
}

impl Load {
    pub(super) async fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let order = Order::read(&self)?;
        order.reach()?;
        let place = Place::choose(&self)?;
        let (mut evidence, report) = perform(&order, place.evidence()?).await?;
        let mut shape = order.shape(&report)?;
        if let Some(evidence) = &mut evidence {
            order.note(evidence, &report, &shape)?;
        }
        let path = place.keep(evidence, &shape)?;
        if options.json {
            shape["evidence"] = path.map(|path| path.display().to_string()).into();
            println!("{shape}");
        } else {
            print_load(&order.title, &report);
            if let Some(seed) = order.seed {
                println!("seed      {seed}");
            }
            if let Some(path) = path {
                println!("evidence  {}", path.display());
            }
        }
        let void = report.fell_behind().is_some();
        Ok(ExitCode::from(if report.stopped { INTERRUPTED } else { u8::from(void) * VOID }))
    }
}

/// Where the evidence goes.
enum Place {
    Nowhere,
    File(PathBuf),
    /// A new folder in the data directory.
    Home(Home, NewRun),
}

impl Place {
    fn choose(load: &Load) -> Result<Place, Failure> {
        if load.no_evidence {
            return Ok(Place::Nowhere);
        }
        if let Some(path) = &load.evidence {
            return Ok(Place::File(std::path::absolute(path).map_err(Failure::usage)?));
        }
        let home = Home::open()?;
        let folder = home.new_load()?;
        Ok(Place::Home(home, folder))
    }

    fn evidence(&self) -> Result<Option<Evidence>, Failure> {
        let path: &Path = match self {
            Place::Nowhere => return Ok(None),
            Place::File(path) => path,
            Place::Home(_, folder) => &folder.dir.join(judge::EVIDENCE_FILE),
        };
        Ok(Some(Evidence::create(path)?))
    }

    /// Stores what was measured, and says where the evidence lies.
    fn keep(self, evidence: Option<Evidence>, shape: &Value) -> Result<Option<PathBuf>, Failure> {
        let Some(evidence) = evidence else { return Ok(None) };
        let path = evidence.finish()?;
        match self {
            Place::Nowhere | Place::File(_) => Ok(Some(path)),
            Place::Home(home, folder) => {
                let dir = home.keep_load(folder, &format!("{shape:#}\n"))?;
                Ok(Some(dir.join(judge::EVIDENCE_FILE)))
            }
        }
    }
}

/// What the progress bar shows.
#[derive(Default)]
struct Counts {
    ended: AtomicU64,
    failed: AtomicU64,
}

impl Counts {
    fn note(&self, record: &Record) {
        self.ended.fetch_add(1, Ordering::Relaxed);
        if !matches!(record.outcome, Outcome::Done(..500)) {
            self.failed.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn in_words(&self, planned: Duration, elapsed: Duration) -> String {
        let (ended, failed) = (self.ended.load(Ordering::Relaxed), self.failed.load(Ordering::Relaxed));
        let doing = if elapsed < planned {
            format!("{} s of {} s", elapsed.as_secs(), planned.as_secs_f64().ceil())
        } else {
            "waiting for the last answers".to_string()
        };
        format!("{doing} · {ended} ended, {failed} failed")
    }
}

/// Performs the load; Ctrl-C ends it early, and what was measured until then counts.
async fn perform(order: &Order, evidence: Option<Evidence>) -> Result<(Option<Evidence>, Report), Failure> {
    let mut interrupted = pin!(interrupted());
    tokio::select! {
        // First, so that the signals are handled before anything is sent.
        biased;
        () = &mut interrupted => return Err(Failure::interrupted()),
        () = std::future::ready(()) => {}
    }
    let clerk = evidence.map(|evidence| Clerk::hire(evidence, order.plan.target.host())).transpose()?;
    let counts = Arc::new(Counts::default());
    let (plan, counted) = (order.plan.clone(), Arc::clone(&counts));
    let mut generator = tokio::task::spawn_blocking(move || generate(&plan, clerk, &counted));
    let live = Live::new(false);
    let (began, planned) = (Instant::now(), order.plan.pace.duration());
    let mut looks = tokio::time::interval(LOOK);
    let ended = loop {
        tokio::select! {
            biased;
            () = &mut interrupted, if !order.plan.stop.is_asked() => order.plan.stop.stop(),
            ended = &mut generator => break ended,
            _ = looks.tick() => live.doing(counts.in_words(planned, began.elapsed())),
        }
    };
    live.done();
    let (evidence, report) = ended.map_err(Failure::bug)??;
    if report.stopped && report.offered == 0 {
        return Err(Failure::interrupted());
    }
    Ok((evidence, report))
}

/// The generator's thread.
fn generate(
    plan: &Plan,
    mut clerk: Option<Clerk>,
    counts: &Counts,
) -> Result<(Option<Evidence>, Report), Failure> {
    let report = load::run(plan, &mut |record| {
        counts.note(&record);
        if clerk.as_mut().is_some_and(|clerk| !clerk.takes(record)) {
            // Evidence that has a hole is none.
            plan.stop.stop();
        }
    })?;
    let evidence = clerk.map(Clerk::dismiss).transpose()?;
    Ok((evidence, report))
}
