//! For `make bench`: milliseconds to load all rubrics, and to give feedback on an answer of 300 words.
//! `speed PACK` prints both, tab-separated: medians of 20 and of 1,000.

use std::path::Path;
use std::time::Instant;

use folder::Folder;
use study::bank::Bank;

const LOADS: usize = 20;
const ANSWERS: usize = 1_000;
const WORDS: usize = 300;

fn main() -> Result<(), String> {
    let pack = std::env::args().nth(1).ok_or("speed PACK")?;
    let pack = Folder::read(Path::new(&pack)).map_err(|mistake| mistake.to_string())?;
    let load =
        || Bank::read(&pack).map_err(|found| found.first().map(ToString::to_string).unwrap_or_default());
    let loads = (0..LOADS).map(|_| timed(load)).collect();
    let bank = load()?;
    let answers: Vec<(usize, String)> = bank
        .questions
        .iter()
        .enumerate()
        .filter_map(|(at, question)| {
            let text = pack.text(&format!("questions/{}/strong.md", question.id)).ok()?;
            Some((at, text.split_whitespace().cycle().take(WORDS).collect::<Vec<_>>().join(" ")))
        })
        .collect();
    let feedbacks = answers
        .iter()
        .cycle()
        .take(ANSWERS)
        .map(|(at, answer)| timed(|| bank.feedback(&bank.questions[*at], answer)))
        .collect();
    println!("{:.2}\t{:.3}", median(loads), median(feedbacks));
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> T) -> f64 {
    let began = Instant::now();
    let done = work();
    let took_ms = began.elapsed().as_secs_f64() * 1e3;
    drop(done);
    took_ms
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
