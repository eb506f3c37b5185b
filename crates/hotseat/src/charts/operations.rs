//! Every operation of a load, by its scheduled start and how long it took; many of them as a field of shades.

use std::collections::BTreeMap;

use judge::evidence::EvidenceError;
use judge::history::Span;
use judge::sql::Value;

use super::Chart;
use super::axis::{Axis, LABELS, lasted};
use super::facts::{Facts, figure, table, text};
use super::svg::Svg;
use super::whose::Sides;

const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 440.0;
const LEFT: f64 = 64.0;
const TOP: f64 = 62.0 + LABELS;
const BOTTOM: f64 = 40.0;
/// A cell of the field, in pixels; each power of ten of latency has `STEPS` of them.
const COLUMN: f64 = 4.0;
const STEPS: usize = 12;
/// Latencies begin and end here.
const LOW_US: i64 = 10;
const POWERS: usize = 7;

/// A phase in which a load ran, or one of its rounds.
struct Phase {
    phase: i64,
    tick: i64,
    span: Span,
}

/// How many operations fell into one cell, and how many of them did not end well.
#[derive(Default, Clone, Copy)]
struct Cell {
    all: i64,
    failed: i64,
}

/// There is one where a load without interleaving ran.
pub(super) fn chart(sides: &Sides<'_>) -> Result<Option<Chart>, EvidenceError> {
    let phases = "SELECT phase, tick, name, started_us,
                  coalesce(ended_us, (SELECT max(ended_us) FROM ops AS o WHERE o.phase = p.phase)) AS ended_us
                  FROM phases AS p
                  WHERE EXISTS (SELECT 1 FROM ops AS o WHERE o.phase = p.phase AND o.tick = p.tick AND grp IS NULL)
                  ORDER BY started_us";
    let facts = Facts::ask(sides.reading, phases)?;
    let phases: Vec<Phase> = facts
        .iter()
        .map(|it| {
            let (started_us, ended_us) = (it.int("started_us"), it.int("ended_us"));
            let span = Span { name: it.text("name"), started_us, ended_us };
            Phase { phase: it.int("phase"), tick: it.int("tick"), span }
        })
        .collect();
    if phases.is_empty() {
        return Ok(None);
    }
    let spans: Vec<Span> = phases.iter().map(|it| it.span.clone()).collect();
    let axis = Axis::new(&spans, LEFT, WIDTH - LEFT - 16.0);
    let mut field: BTreeMap<(usize, usize), Cell> = BTreeMap::new();
    let mut ends: BTreeMap<(usize, String), Sum> = BTreeMap::new();
    for (index, phase) in phases.iter().enumerate() {
        // SQL adds up by slice of time and by latency, so that what comes out has the size of the picture.
        for it in Facts::ask(sides.reading, &slices(phase, &axis))?.iter() {
            let at_us = phase.span.started_us + it.int("slice") * slice_us(phase, &axis);
            let column = ((axis.x(at_us) - LEFT) / COLUMN).max(0.0) as usize;
            let (n, outcome) = (it.int("n"), it.text("outcome"));
            let cell = field.entry((column, it.int("height").max(0) as usize)).or_default();
            cell.all += n;
            cell.failed += if outcome == "done" { 0 } else { n };
            let sum = ends.entry((index, outcome)).or_default();
            sum.n += n;
            sum.total_us += it.int("total_us");
            sum.most_us = sum.most_us.max(it.int("most_us"));
        }
    }
    Ok((!field.is_empty()).then(|| draw(&phases, &axis, &field, &ends)))
}

#[derive(Default)]
struct Sum {
    n: i64,
    total_us: i64,
    most_us: i64,
}

/// The length of a slice of time that is a column wide.
fn slice_us(phase: &Phase, axis: &Axis) -> i64 {
    let width = axis.x(phase.span.ended_us) - axis.x(phase.span.started_us);
    let columns = (width / COLUMN).max(1.0);
    (((phase.span.ended_us - phase.span.started_us) as f64 / columns).ceil() as i64).max(1)
}

fn slices(phase: &Phase, axis: &Axis) -> String {
    // Steps of a latency: a search in two halves, because SQLite may have no logarithm.
    let bounds: Vec<i64> = (1..steps()).map(bound_us).collect();
    format!(
        "SELECT (coalesce(scheduled_us, started_us) - {started}) / {slice} AS slice, {height} AS height, outcome,
         count(*) AS n, sum(us) AS total_us, max(us) AS most_us
         FROM (SELECT scheduled_us, started_us, outcome, ended_us - coalesce(scheduled_us, started_us) AS us
               FROM ops WHERE phase = {number} AND tick = {tick} AND grp IS NULL)
         GROUP BY 1, 2, 3",
        started = phase.span.started_us,
        slice = slice_us(phase, axis),
        height = search(&bounds, 0),
        number = phase.phase,
        tick = phase.tick,
    )
}

/// Below which of the bounds a latency lies, as nested choices of SQL.
pub(super) fn search(bounds: &[i64], from: usize) -> String {
    if bounds.is_empty() {
        return from.to_string();
    }
    let middle = bounds.len() / 2;
    let (low, high) = (search(&bounds[..middle], from), search(&bounds[middle + 1..], from + middle + 1));
    format!("iif(us < {}, {low}, {high})", bounds[middle])
}

/// How many steps of latency there are; the last has no end.
pub(super) fn steps() -> usize {
    STEPS * POWERS
}

/// Where a step of latency begins.
pub(super) fn bound_us(step: usize) -> i64 {
    (LOW_US as f64 * 10_f64.powf(step as f64 / STEPS as f64)).round() as i64
}

fn draw(
    phases: &[Phase],
    axis: &Axis,
    field: &BTreeMap<(usize, usize), Cell>,
    ends: &BTreeMap<(usize, String), Sum>,
) -> Chart {
    let title = "Operations by scheduled start";
    let all: i64 = ends.values().map(|sum| sum.n).sum();
    let told = ends.iter().map(|((at, outcome), sum)| {
        format!("{}: {} {outcome}, the slowest {}", phases[*at].span.name, figure(sum.n), lasted(sum.most_us))
    });
    let about = format!("{} operations. {}.", figure(all), told.collect::<Vec<_>>().join("; "));
    let mut svg = Svg::new(WIDTH, HEIGHT, title, &about);
    svg.text((16.0, 26.0), "head", title);
    svg.rect((18.0, 38.0), (11.0, 11.0), "a", "");
    svg.text((35.0, 48.0), "", "done; the darker, the more");
    svg.rect((218.0, 38.0), (11.0, 11.0), "d", "");
    svg.text((235.0, 48.0), "", "refused or unknown among them");
    let (plot, floor) = (HEIGHT - TOP - BOTTOM, HEIGHT - BOTTOM);
    let steps = || field.keys().map(|(_, step)| *step);
    let low = steps().min().unwrap_or(0) / STEPS * STEPS;
    let high = (steps().max().unwrap_or(0) / STEPS + 1) * STEPS;
    let row = plot / (high - low) as f64;
    let y = |step: usize| floor - row * (step - low) as f64;
    axis.draw(&mut svg, TOP, plot, &[]);
    for step in (low..=high).step_by(STEPS) {
        svg.line((LEFT, y(step)), (WIDTH - 16.0, y(step)), "grid");
        svg.text((LEFT - 6.0, y(step) + 4.0), "small end", &lasted(bound_us(step)));
    }
    let most = field.values().map(|cell| cell.all).max().unwrap_or(1).max(1);
    let mut shades: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    for ((column, step), cell) in field {
        // Four shades, by the logarithm: one operation among thousands is still seen.
        let share = (cell.all as f64).ln_1p() / (most as f64).ln_1p();
        let shade = ((share * 4.0).ceil() as usize).clamp(1, 4);
        let class = format!("{} s{shade}", if cell.failed > 0 { "d" } else { "a" });
        let at = (LEFT + COLUMN * *column as f64, y(step + 1) + row * 0.1);
        shades.entry(class).or_default().push(at);
    }
    for (class, places) in &shades {
        svg.boxes(places, (COLUMN - 0.5, row * 0.9), class);
    }
    let hint = "Each band is a phase, with how long it took. Up: how long an operation took, each line ten times the one below.";
    svg.text((LEFT, HEIGHT - 14.0), "small", hint);
    let rows = ends.iter().map(|((at, outcome), sum)| {
        vec![
            text(phases[*at].span.name.clone()),
            text(outcome.clone()),
            Value::Int(sum.n),
            Value::Float(sum.total_us as f64 / sum.n.max(1) as f64 / 1000.0),
            Value::Float(sum.most_us as f64 / 1000.0),
        ]
    });
    Chart {
        name: "operations".to_owned(),
        caption: "From the moment at which an operation was due to its end. Times are drawn, never judged."
            .to_owned(),
        table: table(&["phase", "outcome", "operations", "mean, ms", "slowest, ms"], rows.collect()),
        picture: svg.finish(),
    }
}
