//! Résumés of people who do not exist.

use serde_json::{Value, json};

/// Fits on one page in every template.
pub(crate) fn one_page() -> Value {
    serde_json::from_str(include_str!("one-page.json")).expect("the sample is JSON")
}

/// Fits on two pages.
pub(crate) fn two_pages() -> Value {
    let mut resume = one_page();
    let more = ["Kestrel Freight", "Nordlicht Energie", "Maple Health", "Harbour Books"];
    let jobs = more.iter().enumerate().map(|(index, name)| job(index, name));
    if let Some(work) = resume["work"].as_array_mut() {
        work.extend(jobs);
    }
    resume
}

/// So many jobs, each of which can be told from the others.
pub(crate) fn of_entries(count: usize) -> Value {
    let jobs: Vec<Value> = (0..count).map(|index| job(index, &format!("Company{index:03}"))).collect();
    json!({ "basics": { "name": "Zoë Ångström" }, "work": jobs })
}

fn job(index: usize, name: &str) -> Value {
    json!({
        "name": name,
        "position": format!("Engineer{index:03}"),
        "location": "Gdańsk, Poland",
        "startDate": format!("{}-0{}", 1990 + index % 30, 1 + index % 9),
        "endDate": format!("{}-1{}", 1991 + index % 30, index % 3),
        "summary": format!("Kept line{index:03} running while it grew, and wrote down how."),
        "highlights": [
            format!("First{index:03}: moved 41 nightly jobs into one queue whose consumers may be stopped at any moment"),
            format!("Second{index:03}: cut the time to restore a backup from 3 h to 20 min by *rehearsing* it each month"),
            format!("Third{index:03}: read `EXPLAIN (ANALYZE, BUFFERS)` with four colleagues until nobody needed me for it"),
        ],
    })
}
