//! timeline.svg: a history as a sequence diagram.

use judge::history::{Event, History, Lane, What};
use judge::sql::Value;
use judge::verdict::Finding;

use super::facts::{table, text};
use super::svg::{Picture, Svg, short};
use super::{Chart, TIMELINE};
use crate::terminal::timeline::words;

const WIDTH: f64 = 1000.0;
const TOP: f64 = 84.0;
const ROW: f64 = 24.0;
/// Where milliseconds end, and the first lane stands.
const MS: f64 = 86.0;
const FIRST: f64 = 140.0;
const LANES: f64 = 390.0;
/// Words of an event begin here after the last lane, and have room for so many characters.
const GAP: f64 = 36.0;
const CHARS: usize = 64;

struct Rows<'h> {
    history: &'h History,
    /// Of each event, in their order; phases stand between them.
    events: Vec<f64>,
    phases: Vec<f64>,
    bottom: f64,
}

impl Rows<'_> {
    fn of(history: &History) -> Rows<'_> {
        let mut y = TOP;
        let (mut events, mut phases) = (Vec::new(), Vec::new());
        let mut coming = history.phases.iter().peekable();
        for event in &history.events {
            while coming.next_if(|phase| phase.started_us <= event.at_us).is_some() {
                y += ROW;
                phases.push(y);
            }
            y += ROW;
            events.push(y);
        }
        Rows { history, events, phases, bottom: y + ROW }
    }

    fn x(&self, lane: Lane) -> f64 {
        let gaps = self.history.instances.max(1) as f64 + 1.0;
        let place = match lane {
            Lane::Customer => 0.0,
            Lane::Instance(number) => (number as f64).clamp(1.0, gaps - 1.0),
            Lane::Gateway => gaps,
        };
        FIRST + LANES * place / gaps
    }

    /// The rows of the events between two moments, from the first to the last.
    fn between(&self, from_us: i64, to_us: i64) -> Option<(f64, f64)> {
        let inside = self.history.events.iter().zip(&self.events);
        let mut inside = inside.filter(|(it, _)| (from_us..=to_us).contains(&it.at_us)).map(|(_, y)| *y);
        let first = inside.next()?;
        Some((first, inside.next_back().unwrap_or(first)))
    }
}

/// The picture, and its events as a table.
pub(super) fn chart(history: &History, finding: &Finding) -> Chart {
    let began_us = history.events.first().map_or(0, |it| it.at_us);
    let lane = |it: Lane| match it {
        Lane::Customer => text("customer"),
        Lane::Instance(number) => text(format!("instance {number}")),
        Lane::Gateway => text("gateway"),
    };
    let row = |it: &Event| {
        let ms = Value::Int((it.at_us - began_us) / 1000);
        vec![ms, lane(it.lane), it.to.map_or(Value::Null, lane), text(words(it, began_us))]
    };
    Chart {
        name: TIMELINE.to_owned(),
        caption: format!("The story of the first counterexample: {}", finding.claim),
        picture: picture(history, &finding.check),
        table: table(&["ms", "who", "to whom", "what"], history.events.iter().map(row).collect()),
    }
}

/// The picture.
pub(super) fn picture(history: &History, check: &str) -> Picture {
    let rows = Rows::of(history);
    let title = format!("What happened to {} ({check})", history.of);
    let began_us = history.events.first().map_or(0, |it| it.at_us);
    let told: Vec<String> = history.events.iter().map(|it| words(it, began_us)).collect();
    let mut svg = Svg::new(WIDTH, rows.bottom + 12.0, &title, &format!("In order: {}.", told.join("; ")));
    svg.text((16.0, 26.0), "head", &short(&title, 110));
    windows(&mut svg, &rows);
    lanes(&mut svg, &rows);
    for (phase, y) in history.phases.iter().zip(&rows.phases) {
        svg.text((rows.x(Lane::Gateway) + GAP, y - 4.0), "small", &short(&phase.name, CHARS));
        svg.line((MS + 34.0, *y), (WIDTH - 16.0, *y), "grid");
    }
    for (event, y) in history.events.iter().zip(&rows.events) {
        let ms = format!("{} ms", (event.at_us - began_us) / 1000);
        svg.text((MS, y + 4.0), "small end", &ms);
        draw(&mut svg, &rows, event, *y);
        let class = if event.what.is_trouble() { "bad" } else { "" };
        svg.text((rows.x(Lane::Gateway) + GAP, y + 4.0), class, &short(&words(event, began_us), CHARS));
    }
    svg.finish()
}

/// The time in which a fault lasted, behind everything.
fn windows(svg: &mut Svg, rows: &Rows<'_>) {
    for window in &rows.history.windows {
        let Some((from, to)) = rows.between(window.at_us, window.over_us.unwrap_or(window.at_us)) else {
            continue;
        };
        let (x, height) = (FIRST - 40.0, to - from + ROW);
        svg.rect((x, from - ROW / 2.0), (WIDTH - 16.0 - x, height), "fault", &window.fault);
    }
}

fn lanes(svg: &mut Svg, rows: &Rows<'_>) {
    let instances = (1..=rows.history.instances).map(Lane::Instance);
    for lane in std::iter::once(Lane::Customer).chain(instances).chain([Lane::Gateway]) {
        let name = match lane {
            Lane::Customer => "customer".to_owned(),
            Lane::Instance(number) => format!("instance {number}"),
            Lane::Gateway => "gateway".to_owned(),
        };
        let x = rows.x(lane);
        svg.text((x, TOP - 14.0), "mid", &name);
        let mut from = TOP - 6.0;
        let mut class = "lane";
        for (event, y) in rows.history.events.iter().zip(&rows.events).filter(|(it, _)| it.lane == lane) {
            let next = match event.what {
                What::Killed | What::Frozen | What::Ended => "away",
                What::Back => "lane",
                _ => continue,
            };
            svg.line((x, from), (x, *y), class);
            (from, class) = (*y, next);
        }
        svg.line((x, from), (x, rows.bottom), class);
    }
}

fn draw(svg: &mut Svg, rows: &Rows<'_>, event: &Event, y: f64) {
    let x = rows.x(event.lane);
    match event.to.map(|to| rows.x(to)) {
        Some(to) => {
            let back = if to > x { -8.0 } else { 8.0 };
            svg.line((x, y), (to + back, y), "arrow");
            svg.shape(&[(to, y), (to + back, y - 4.0), (to + back, y + 4.0)], "tip");
        }
        None => match event.what {
            What::Charged => svg.circle((x, y), 5.0, "a"),
            What::Back => svg.shape(&[(x, y - 6.0), (x + 6.0, y + 5.0), (x - 6.0, y + 5.0)], "a"),
            what if what.is_trouble() => svg.cross((x, y), 5.0, "cross"),
            _ => {}
        },
    }
}
