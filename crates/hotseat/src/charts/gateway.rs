//! gateway.svg: calls to the gateway over time, stacked by what became of them.

use std::collections::BTreeMap;

use judge::history::Series;
use judge::sql::Value;

use super::axis::{Axis, LABELS};
use super::facts::{step, table, text};
use super::svg::{Picture, Svg};
use super::{Chart, GATEWAY};

const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 64.0;
const TOP: f64 = 62.0 + LABELS;
const BOTTOM: f64 = 40.0;
/// A column is so wide, in pixels.
const COLUMN: f64 = 8.0;
/// How many lines the scale has, at most.
const TICKS: i64 = 5;

/// What became of calls, from the bottom of a column to its top: a name or its beginning, and its colour.
const ENDS: [(&str, &str); 11] = [
    ("2", "a"),
    ("402", "b"),
    ("429", "c"),
    ("4", "i"),
    ("503", "g"),
    ("5", "j"),
    ("charge-hang", "f"),
    ("hang", "e"),
    ("charge-cut", "h"),
    ("cut", "d"),
    ("", "b"),
];

fn rank(end: &str) -> usize {
    ENDS.iter().position(|(begin, _)| end.starts_with(begin)).unwrap_or(ENDS.len() - 1)
}

/// The picture, and the calls of each phase as a table.
pub(super) fn chart(series: &Series) -> Chart {
    let mut counts: BTreeMap<(usize, usize, &str), i64> = BTreeMap::new();
    for call in &series.calls {
        let phase = series.phases.iter().rposition(|it| it.started_us <= call.started_us).unwrap_or(0);
        *counts.entry((phase, rank(&call.end), &call.end)).or_default() += 1;
    }
    let rows = counts.iter().map(|((phase, _, end), count)| {
        let phase = series.phases.get(*phase).map_or(String::new(), |it| it.name.clone());
        vec![text(phase), text(*end), Value::Int(*count)]
    });
    Chart {
        name: GATEWAY.to_owned(),
        caption: "What the gateway was asked, by status or by what it did instead of answering.".to_owned(),
        picture: picture(series),
        table: table(&["phase", "status or conduct", "calls"], rows.collect()),
    }
}

/// The picture.
pub(super) fn picture(series: &Series) -> Picture {
    let mut ends: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    for call in &series.calls {
        *ends.entry((rank(&call.end), &call.end)).or_default() += 1;
    }
    let told: Vec<String> = ends.iter().map(|((_, end), count)| format!("{count} × {end}")).collect();
    let about = format!(
        "{} calls to the gateway over time, by status or by what the gateway did instead: {}.",
        series.calls.len(),
        told.join(", ")
    );
    let mut svg = Svg::new(WIDTH, HEIGHT, "Calls to the gateway", &about);
    svg.text((16.0, 26.0), "head", "Calls to the gateway");
    let mut x = 18.0;
    for ((rank, _), told) in ends.keys().zip(&told) {
        svg.rect((x, 38.0), (11.0, 11.0), ENDS[*rank].1, "");
        svg.text((x + 17.0, 48.0), "", told);
        x += 40.0 + 7.0 * told.chars().count() as f64;
    }
    let axis = Axis::new(&series.phases, LEFT, WIDTH - LEFT - 16.0);
    let (plot, floor) = (HEIGHT - TOP - BOTTOM, HEIGHT - BOTTOM);
    axis.draw(&mut svg, TOP, plot, &series.windows);
    columns(&mut svg, series, &axis, (floor, plot));
    let hint =
        "A column counts the calls of its slice of time. A slice is shorter in the bands of short phases.";
    svg.text((LEFT, HEIGHT - 14.0), "small", hint);
    svg.finish()
}

fn columns(svg: &mut Svg, series: &Series, axis: &Axis, (floor, plot): (f64, f64)) {
    let mut columns: BTreeMap<usize, BTreeMap<(usize, &str), usize>> = BTreeMap::new();
    for call in &series.calls {
        let column = ((axis.x(call.started_us) - LEFT) / COLUMN).max(0.0) as usize;
        *columns.entry(column).or_default().entry((rank(&call.end), &call.end)).or_default() += 1;
    }
    let highest = columns.values().map(|column| column.values().sum::<usize>()).max().unwrap_or(1);
    let step = step(highest as i64, TICKS) as usize;
    let top = highest.div_ceil(step) * step;
    let height = |count: usize| plot * count as f64 / top as f64;
    for count in (0..=top).step_by(step) {
        svg.line((LEFT, floor - height(count)), (WIDTH - 16.0, floor - height(count)), "grid");
        svg.text((LEFT - 6.0, floor - height(count) + 4.0), "small end", &count.to_string());
    }
    for (column, ends) in columns {
        let x = LEFT + COLUMN * column as f64;
        let mut below = 0;
        for ((rank, end), count) in ends {
            below += count;
            let told = format!("{count} × {end}");
            let at = (x + 0.5, floor - height(below));
            svg.rect(at, (COLUMN - 1.0, height(count)), ENDS[rank].1, &told);
        }
    }
}
