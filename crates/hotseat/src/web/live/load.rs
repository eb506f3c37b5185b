//! Load and faults over time, laid out for drawing.

use crate::web::judging::JudgingNow;

/// The drawing's size, and the room for its axes.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 180.0;
const LEFT: f64 = 46.0;
const BOTTOM: f64 = 26.0;
const TOP: f64 = 26.0;
/// A bar is at least so long a time, in milliseconds.
const BAR_MS_MIN: u64 = 500;
const BARS_MAX: u64 = 60;

/// A drawing of what has ended in each piece of time, and its table.
pub(super) struct Load {
    pub width: f64,
    pub height: f64,
    pub bars: Vec<Rect>,
    pub faults: Vec<Mark>,
    pub across: Vec<Tick>,
    pub up: Vec<Tick>,
    pub base: f64,
    pub left: f64,
    pub right: f64,
    pub top: f64,
    /// By phase: its name, and what has become of its operations.
    pub rows: Vec<Row>,
    /// How many faults of each name were armed, and how many landed.
    pub by_fault: Vec<(String, usize, usize)>,
    /// Whether any was refused, or is unknown.
    pub refused: bool,
    pub unknown: bool,
    pub told: String,
}

pub(super) struct Rect {
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
    pub class: &'static str,
}

pub(super) struct Mark {
    pub x: f64,
    pub name: String,
    pub landed: bool,
}

pub(super) struct Tick {
    pub at: f64,
    pub says: String,
}

pub(super) struct Row {
    pub phase: String,
    pub done: u64,
    pub refused: u64,
    pub unknown: u64,
}

impl Load {
    /// None as long as nothing has been sent: some drills only ask single questions.
    pub(super) fn of(it: &JudgingNow) -> Option<Load> {
        let last_ms = it.progress.last().map(|it| it.at_ms)?.max(it.faults.last().map_or(0, |it| it.at_ms));
        let first_ms = it.progress.first()?.at_ms.saturating_sub(BAR_MS_MIN);
        let span_ms = (last_ms - first_ms).max(4 * BAR_MS_MIN);
        let bar_ms = (span_ms / BARS_MAX + 1).max(BAR_MS_MIN);
        let count = usize::try_from(span_ms / bar_ms + 1).unwrap_or(1);
        let mut sums = vec![[0_u64; 3]; count];
        for progress in &it.progress {
            // Told at the end of the time that it counts.
            let ended_ms = (progress.at_ms - first_ms).saturating_sub(1);
            let bar = usize::try_from(ended_ms / bar_ms).unwrap_or(0).min(count - 1);
            for (sum, more) in sums[bar].iter_mut().zip([progress.done, progress.refused, progress.unknown]) {
                *sum += more;
            }
        }
        let per_s = |sum: u64| sum as f64 * 1000.0 / bar_ms as f64;
        let highest = sums.iter().map(|sums| per_s(sums.iter().sum())).fold(1.0, f64::max);
        let step = nice_step(highest / 3.0);
        let top_value = (highest / step).ceil() * step;
        let (right, base) = (WIDTH - 8.0, HEIGHT - BOTTOM);
        let x = |ms: u64| LEFT + (ms - first_ms) as f64 / (count as u64 * bar_ms) as f64 * (right - LEFT);
        let tall = |value: f64| value / top_value * (base - TOP);
        let mut bars = Vec::new();
        for (bar, sums) in (0..).zip(&sums) {
            let from = first_ms + bar * bar_ms;
            let w = (x(from + bar_ms) - x(from) - 1.0).max(1.0);
            let mut y = base;
            for (sum, class) in sums.iter().zip(["done", "refused", "unknown"]).filter(|(sum, _)| **sum > 0) {
                let h = tall(per_s(*sum)).max(1.0);
                y -= h;
                bars.push(Rect { x: x(from), y, w, h, class });
            }
        }
        let across = Tick::all(span_ms as f64 / 1000.0, 6.0);
        let across = across.map(|s| Tick { at: x(first_ms + (s * 1000.0) as u64), says: format!("{s} s") });
        let up = (0..).map(|n| f64::from(n) * step).take_while(|value| *value <= top_value + 1e-9);
        let up = up.map(|value| Tick { at: base - tall(value), says: value.to_string() });
        Some(Load {
            width: WIDTH,
            height: HEIGHT,
            bars,
            faults: it
                .faults
                .iter()
                .filter(|fault| fault.at_ms >= first_ms)
                .map(|fault| Mark { x: x(fault.at_ms), name: fault.name.clone(), landed: fault.landed })
                .collect(),
            across: across.collect(),
            up: up.collect(),
            base,
            left: LEFT,
            right,
            top: TOP,
            rows: rows(it),
            by_fault: by_fault(it),
            refused: sums.iter().any(|sums| sums[1] > 0),
            unknown: sums.iter().any(|sums| sums[2] > 0),
            told: format!("at most {} a second", highest.round()),
        })
    }
}

impl Tick {
    fn all(span: f64, count: f64) -> impl Iterator<Item = f64> {
        let step = nice_step(span / count);
        (0..).map(move |n| f64::from(n) * step).take_while(move |value| *value <= span)
    }
}

/// 1, 2 or 5 times a power of ten, at least 1 and at least this.
fn nice_step(least: f64) -> f64 {
    let mut power = 1.0;
    loop {
        for factor in [1.0, 2.0, 5.0] {
            if factor * power >= least {
                return factor * power;
            }
        }
        power *= 10.0;
    }
}

fn rows(it: &JudgingNow) -> Vec<Row> {
    let mut rows: Vec<(usize, Row)> = Vec::new();
    for progress in &it.progress {
        let phase = progress.phase.checked_sub(1).and_then(|index| it.phases.get(index));
        if rows.last().is_none_or(|(phase, _)| *phase != progress.phase) {
            let phase = phase.map_or_else(String::new, |phase| phase.name.clone());
            rows.push((progress.phase, Row { phase, done: 0, refused: 0, unknown: 0 }));
        }
        if let Some((_, row)) = rows.last_mut() {
            row.done += progress.done;
            row.refused += progress.refused;
            row.unknown += progress.unknown;
        }
    }
    rows.into_iter().map(|(_, row)| row).collect()
}

fn by_fault(it: &JudgingNow) -> Vec<(String, usize, usize)> {
    let mut all: Vec<(String, usize, usize)> = Vec::new();
    for fault in &it.faults {
        let at = all.iter().position(|(name, ..)| *name == fault.name).unwrap_or_else(|| {
            all.push((fault.name.clone(), 0, 0));
            all.len() - 1
        });
        all[at].1 += 1;
        all[at].2 += usize::from(fault.landed);
    }
    all
}
