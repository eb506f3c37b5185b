//! What a relay costs: `pgbench -S` past it and through it, in turns, with the latency of every round trip.
//!
//! `cargo run --release --example overhead [ROUNDS [TRANSACTIONS]]`. Past the relay is measured twice (A and A'),
//! so that the difference between equals is known too.

use std::error::Error;
use std::path::Path;

use relay::{Address, Kind, Protocol, Relay, Rule, Trigger};

#[path = "../tests/relay/support/postgres.rs"]
mod postgres;

/// The latencies of one way, in microseconds, and how many transactions failed.
#[derive(Default)]
struct Figures {
    latencies_us: Vec<u64>,
    medians_us: Vec<u64>,
    failures: u64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let rounds: usize = arguments.next().map_or(Ok(5), |text| text.parse())?;
    let transactions: usize = arguments.next().map_or(Ok(10_000), |text| text.parse())?;
    let direct = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let Some(server) = postgres::Server::start("overhead", Some(direct.port())).await else { return Ok(()) };
    let direct = Address::Tcp(direct);
    let open = |upstream: Address, protocol| Relay::open(Address::loopback(0), upstream, protocol);
    let postgres = open(direct.clone(), Protocol::Postgres)?;
    let ruled = open(direct.clone(), Protocol::Postgres)?;
    let rules: Vec<_> =
        (0..3).map(|_| ruled.arm(Rule::on(Trigger::complete("SELECT")).nth(u64::MAX))).collect();
    let opaque = open(direct.clone(), Protocol::Opaque)?;
    let socket = open(server.socket(), Protocol::Postgres)?;
    let ways = [
        ("A   past the relay", &direct),
        ("A'  past the relay", &direct),
        ("B   relay, opaque", opaque.address()),
        ("C   relay, PostgreSQL", postgres.address()),
        ("D   as C, three rules", ruled.address()),
        ("E   as C, to a Unix socket", socket.address()),
    ];
    let mut initialise = server.client("pgbench", port(ways[0].1)?);
    initialise.args(["-i", "-q", "-s", "1"]);
    run(initialise).await?;
    let mut figures = ways.map(|_| Figures::default());
    for round in 0..rounds {
        for turn in 0..ways.len() {
            let way = (round + turn) % ways.len();
            measure(&server, port(ways[way].1)?, transactions, &mut figures[way]).await?;
        }
    }
    report(&ways.map(|(name, _)| name), &mut figures);
    let seen: Vec<u64> = rules.iter().map(|rule| rule.effect().seen).collect();
    println!(
        "rows through C: {}, acknowledgements that the rules of D saw: {seen:?}",
        postgres.count(Kind::DataRow, None)
    );
    Ok(())
}

fn port(address: &Address) -> Result<u16, &'static str> {
    address.port().ok_or("a relay of this example listens on TCP")
}

async fn run(command: std::process::Command) -> Result<String, Box<dyn Error>> {
    let output = tokio::process::Command::from(command).output().await?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        return Err(format!("pgbench: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(said)
}

async fn measure(
    server: &postgres::Server,
    port: u16,
    transactions: usize,
    figures: &mut Figures,
) -> Result<(), Box<dyn Error>> {
    let dir = tempfile::tempdir()?;
    let mut pgbench = server.client("pgbench", port);
    pgbench.args(["-n", "-S", "-M", "prepared", "-c", "1", "-l", "-t", &transactions.to_string()]);
    let said = run({
        pgbench.current_dir(dir.path());
        pgbench
    })
    .await?;
    let failed = said.lines().find_map(|line| line.strip_prefix("number of failed transactions: "));
    let failed = failed.and_then(|text| text.split(' ').next()).ok_or("pgbench does not count failures")?;
    figures.failures += failed.parse::<u64>()?;
    let mut latencies_us = latencies_us(dir.path())?;
    latencies_us.sort_unstable();
    figures.medians_us.push(latencies_us[latencies_us.len() / 2]);
    figures.latencies_us.append(&mut latencies_us);
    Ok(())
}

/// The third column of pgbench's log.
fn latencies_us(dir: &Path) -> Result<Vec<u64>, Box<dyn Error>> {
    let log = std::fs::read_dir(dir)?.next().ok_or("pgbench wrote no log")??;
    let text = std::fs::read_to_string(log.path())?;
    let column = text.lines().map(|line| line.split(' ').nth(2).ok_or("a line of pgbench's log is short"));
    column.map(|cell| Ok(cell?.parse()?)).collect()
}

fn report(names: &[&str], figures: &mut [Figures]) {
    println!("{:28}{:>9}{:>10}{:>9}{:>9}{:>9}", "way", "failures", "trips", "p50 us", "p99 us", "p99.9 us");
    for (name, figures) in names.iter().zip(figures) {
        figures.latencies_us.sort_unstable();
        let all = &figures.latencies_us;
        let at = |share: f64| all[((all.len() - 1) as f64 * share) as usize];
        let (failures, trips) = (figures.failures, all.len());
        println!(
            "{name:28}{failures:>9}{trips:>10}{:>9}{:>9}{:>9}  medians of rounds {:?}",
            at(0.5),
            at(0.99),
            at(0.999),
            figures.medians_us
        );
    }
}
