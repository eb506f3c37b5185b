//! How long the next due cards take in a store of one million reviews.
//!
//! `cargo run --release -p study --example million_reviews [PATH OR ADDRESS OF A NEW STORE]`

use std::ffi::OsString;
use std::time::Instant;

use sqlx::Connection as _;
use study::store::Store;

const REVIEWS: u32 = 1_000_000;
const CARDS: u32 = 20_000;
const TIMES: usize = 20;
const LIMIT: u32 = 20;
const NOW_MS: i64 = 1_795_531_314_123;

/// Each review has its answer, as in a store that grew day by day. Card `n` is due `n` minutes after a
/// moment that lies as far before now as half of the cards take.
const FILL: &str = "
    INSERT INTO answers (id, question, given_at_ms, seconds, text)
    WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < 1000000)
    SELECT substr('00000000000000000000000000000000' || n, length('' || n) + 1), 'question-' || (n % 20000),
        1795000000000 + n, 90, 'An answer of some words, number ' || n
    FROM numbers;
    INSERT INTO feedback (answer, score, gated, level, body)
    SELECT id, 72, NULL, 'senior', '{\"schema\":1,\"score\":72}' FROM answers;
    INSERT INTO cards
        (kind, name, stability_days, difficulty, last_review_ms, due_ms, reps, lapses)
    WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < 20000)
    SELECT 'question', 'question-' || n, 12.5, 5.5, 1795000000000, 1795531314123 + (n - 10000) * 60000, 50, 0
    FROM numbers;
    INSERT INTO reviews (kind, name, at_ms, rating, elapsed_days, answer, attempt)
    SELECT 'question', question, given_at_ms, 3, 10, id, NULL FROM answers;
";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let at: OsString =
        std::env::args_os().nth(1).unwrap_or_else(|| folder.path().join("store.sqlite").into());
    Store::open(&at).await.expect("the store is made").close().await;
    let started = Instant::now();
    fill(&at).await;
    let filled_s = started.elapsed().as_secs_f64();

    let started = Instant::now();
    let store = Store::open(&at).await.expect("the store opens");
    let open_ms = started.elapsed().as_secs_f64() * 1000.0;
    let mut took_ms = Vec::new();
    for _ in 0..TIMES {
        let started = Instant::now();
        let due = store.due_cards(NOW_MS, LIMIT).await.expect("they can be read");
        took_ms.push(started.elapsed().as_secs_f64() * 1000.0);
        assert_eq!(due.len(), LIMIT as usize);
    }
    took_ms.sort_by(f64::total_cmp);
    store.close().await;
    let size_mb = std::fs::metadata(&at).map_or(0, |file| file.len() / 1_000_000);
    println!("store: {REVIEWS} reviews of {CARDS} cards, {size_mb} MB, filled in {filled_s:.1} s");
    println!("open: {open_ms:.2} ms");
    println!(
        "due_cards: {:.2} ms (median of {TIMES}; the first and slowest {:.2} ms)",
        took_ms[TIMES / 2],
        took_ms[TIMES - 1]
    );
}

/// Past the store's own way of recording, which waits for the disk after each answer.
async fn fill(at: &OsString) {
    let fill = sqlx::raw_sql(FILL);
    match at.to_str().filter(|at| at.starts_with("postgres")) {
        Some(address) => {
            let mut line = sqlx::PgConnection::connect(address).await.expect("the server answers");
            fill.execute(&mut line).await.expect("the store is filled");
            line.close().await.expect("the connection closes");
        }
        None => {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(at);
            let mut line = sqlx::SqliteConnection::connect_with(&options).await.expect("the file opens");
            fill.execute(&mut line).await.expect("the store is filled");
            line.close().await.expect("the file closes");
        }
    }
}
