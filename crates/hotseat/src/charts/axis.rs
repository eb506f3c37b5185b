//! Time from left to right: each phase is a band, wide enough to see into, longer ones wider.

use judge::history::{Span, Window};

use super::svg::{Svg, short};

/// No band is narrower.
const BAND_MIN: f64 = 64.0;
const LABEL_LINES: usize = 3;
const LABEL_LINE: f64 = 12.0;
/// A character of a label is about so wide.
const CHAR: f64 = 6.0;
/// What bands need above them for their labels.
pub(super) const LABELS: f64 = LABEL_LINE * (LABEL_LINES as f64 + 1.0) + 6.0;
/// A window so narrow would not be seen.
const WINDOW_MIN: f64 = 2.0;

struct Band {
    name: String,
    from_us: i64,
    to_us: i64,
    x: f64,
    width: f64,
}

/// Where moments stand.
pub(super) struct Axis {
    bands: Vec<Band>,
}

impl Axis {
    /// Puts the phases side by side between `x` and `x + width`. Bands of short phases are wider than their
    /// share, so every band says how long it is.
    pub(super) fn new(phases: &[Span], x: f64, width: f64) -> Axis {
        let us = |phase: &Span| (phase.ended_us - phase.started_us).max(1) as f64;
        let all: f64 = phases.iter().map(us).sum();
        let min = BAND_MIN.min(width / phases.len().max(1) as f64);
        let spare = width - min * phases.len() as f64;
        let mut at = x;
        let bands = phases.iter().map(|phase| {
            let band = Band {
                name: phase.name.clone(),
                from_us: phase.started_us,
                to_us: phase.ended_us.max(phase.started_us + 1),
                x: at,
                width: min + spare * us(phase) / all,
            };
            at += band.width;
            band
        });
        Axis { bands: bands.collect() }
    }

    /// What happens between two phases stands at the end of the first.
    pub(super) fn x(&self, at_us: i64) -> f64 {
        let Some(band) = self.bands.iter().rev().find(|band| band.from_us <= at_us).or(self.bands.first())
        else {
            return 0.0;
        };
        let share = (at_us - band.from_us) as f64 / (band.to_us - band.from_us) as f64;
        band.x + band.width * share.clamp(0.0, 1.0)
    }

    /// The bands, their names above `top`, and the faults in them.
    pub(super) fn draw(&self, svg: &mut Svg, top: f64, height: f64, windows: &[Window]) {
        for (index, band) in self.bands.iter().enumerate() {
            if index % 2 == 0 {
                svg.rect((band.x, top), (band.width, height), "band", &band.name);
            }
            svg.line((band.x, top), (band.x, top + height), "grid");
            let lines = wrapped(&band.name, (band.width / CHAR) as usize);
            let first = top - 6.0 - LABEL_LINE * lines.len() as f64;
            for (line, text) in lines.iter().enumerate() {
                svg.text((band.x + 3.0, first + LABEL_LINE * line as f64), "small", text);
            }
            let took = lasted(band.to_us - band.from_us);
            svg.text((band.x + 3.0, top - 6.0), "small", &took);
        }
        for window in windows {
            let x = self.x(window.at_us);
            match window.over_us {
                Some(over_us) => {
                    let width = (self.x(over_us) - x).max(WINDOW_MIN);
                    svg.rect((x, top), (width, height), "fault", &window.fault);
                }
                None => svg.line((x, top), (x, top + height), "strike"),
            }
        }
    }
}

/// `12 ms`, `1.4 s`
pub(super) fn lasted(us: i64) -> String {
    match (us / 1_000, us / 1_000_000) {
        (0, _) => format!("{us} µs"),
        (ms, 0) => format!("{ms} ms"),
        _ => format!("{:.1} s", us as f64 / 1e6),
    }
}

fn wrapped(text: &str, chars_max: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= chars_max => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let more = lines.len() > LABEL_LINES;
    lines.truncate(LABEL_LINES);
    if let Some(last) = lines.last_mut().filter(|_| more) {
        last.push_str(" …");
    }
    lines.iter().map(|line| short(line, chars_max.max(2))).collect()
}
