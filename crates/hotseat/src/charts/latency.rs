//! latency.svg: every exchange, when it was due and how long it took from then on.

use std::collections::BTreeSet;

use judge::history::{Exchange, Series};
use judge::sql::Value;

use super::axis::{Axis, LABELS, lasted};
use super::facts::{table, text};
use super::svg::{Picture, Svg};
use super::{Chart, LATENCY};

const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 480.0;
const LEFT: f64 = 64.0;
const TOP: f64 = 62.0 + LABELS;
const BOTTOM: f64 = 40.0;
const R: f64 = 2.6;

/// How an exchange ended, and what the dot for it looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Fine,
    Refused,
    Failed,
    Unanswered,
    NotSent,
}

const ENDS: [(End, &str, &str); 5] = [
    (End::Fine, "a", "below 400"),
    (End::Refused, "c", "4xx"),
    (End::Failed, "e", "5xx"),
    (End::Unanswered, "cross", "no answer"),
    (End::NotSent, "b", "not sent"),
];

impl End {
    fn of(it: &Exchange) -> End {
        match (it.sent, it.status) {
            (false, _) => End::NotSent,
            (true, None) => End::Unanswered,
            (true, Some(500..)) => End::Failed,
            (true, Some(400..)) => End::Refused,
            (true, Some(_)) => End::Fine,
        }
    }

    /// Each has a shape of its own, for who does not see colours.
    fn draw(self, svg: &mut Svg, (x, y): (f64, f64)) {
        let class = ENDS.iter().find(|(end, ..)| *end == self).map_or("b", |(_, class, _)| class);
        match self {
            End::Fine => svg.circle((x, y), R, class),
            End::Refused => svg.rect((x - R, y - R), (2.0 * R, 2.0 * R), class, ""),
            End::Failed => svg.shape(&[(x, y - R - 1.0), (x + R + 1.0, y + R), (x - R - 1.0, y + R)], class),
            End::Unanswered => svg.cross((x, y), R + 0.8, class),
            End::NotSent => svg.circle((x, y), R / 2.0, class),
        }
    }
}

/// The picture, and what each phase came to as a table.
pub(super) fn chart(series: &Series) -> Chart {
    let rows = series.phases.iter().flat_map(|phase| {
        let during = |it: &&Exchange| (phase.started_us..=phase.ended_us).contains(&it.due_us);
        ENDS.iter().filter_map(move |(end, _, name)| {
            let mut took: Vec<i64> = series
                .exchanges
                .iter()
                .filter(during)
                .filter(|it| End::of(it) == *end)
                .map(|it| it.latency_us)
                .collect();
            took.sort_unstable();
            let ms = |us: i64| Value::Float(us as f64 / 1000.0);
            let most = *took.last()?;
            Some(vec![
                text(phase.name.clone()),
                text(*name),
                Value::Int(took.len() as i64),
                ms(took[took.len() / 2]),
                ms(most),
            ])
        })
    });
    Chart {
        name: LATENCY.to_owned(),
        caption: "Each mark stands where its request was sent; a red band is the time in which a fault kept something away. Times are drawn, never judged.".to_owned(),
        picture: picture(series),
        table: table(&["phase", "end", "exchanges", "median, ms", "slowest, ms"], rows.collect()),
    }
}

/// The picture.
pub(super) fn picture(series: &Series) -> Picture {
    let count = |end: End| series.exchanges.iter().filter(|it| End::of(it) == end).count();
    let counts: Vec<String> = ENDS.iter().map(|(end, _, name)| format!("{} × {name}", count(*end))).collect();
    let slowest = series.exchanges.iter().map(|it| it.latency_us).max().unwrap_or(0);
    let about = format!(
        "{} exchanges by the time at which they were due; the slowest took {}. {}. {} faults landed.",
        series.exchanges.len(),
        lasted(slowest),
        counts.join(", "),
        series.windows.len()
    );
    let mut svg = Svg::new(WIDTH, HEIGHT, "Latency of every exchange", &about);
    svg.text((16.0, 26.0), "head", "Latency of every exchange");
    legend(&mut svg, &counts, !series.windows.is_empty());
    let (plot, floor) = (HEIGHT - TOP - BOTTOM, HEIGHT - BOTTOM);
    let axis = Axis::new(&series.phases, LEFT, WIDTH - LEFT - 16.0);
    axis.draw(&mut svg, TOP, plot, &series.windows);
    let sent = series.exchanges.iter().filter(|it| it.sent);
    let fastest = sent.map(|it| it.latency_us).min().unwrap_or(1);
    let (low, high) = (log(fastest).floor(), log(slowest).ceil().max(log(fastest).floor() + 1.0));
    // What was not sent took no time, and stands on the floor.
    let y = |us: i64| floor - plot * (log(us).max(low) - low) / (high - low);
    for power in low as i32..=high as i32 {
        let us = 10_i64.pow(power.unsigned_abs());
        svg.line((LEFT, y(us)), (WIDTH - 16.0, y(us)), "grid");
        svg.text((LEFT - 6.0, y(us) + 4.0), "small end", &lasted(us));
    }
    // Marks that would cover each other are drawn once.
    let mut drawn = BTreeSet::new();
    for it in &series.exchanges {
        let (end, at) = (End::of(it), (axis.x(it.due_us), y(it.latency_us)));
        let cell = ((at.0 / R) as i64, (at.1 / R) as i64, end as usize);
        if drawn.insert(cell) {
            end.draw(&mut svg, at);
        }
    }
    let hint = "Each band is a phase, with how long it took; short ones are drawn wider than their share.";
    svg.text((LEFT, HEIGHT - 14.0), "small", hint);
    svg.finish()
}

fn legend(svg: &mut Svg, counts: &[String], faults: bool) {
    let mut x = 22.0;
    for ((end, ..), told) in ENDS.iter().zip(counts) {
        if told.starts_with("0 ") {
            continue;
        }
        end.draw(svg, (x, 44.0));
        svg.text((x + 9.0, 48.0), "", told);
        x += 34.0 + 7.0 * told.chars().count() as f64;
    }
    if faults {
        svg.rect((x - 4.0, 38.0), (12.0, 12.0), "fault", "");
        svg.text((x + 13.0, 48.0), "", "a fault");
    }
}

/// The logarithm of a latency; less than a microsecond is none.
fn log(us: i64) -> f64 {
    (us.max(1) as f64).log10()
}
