//! How often operations had to be started: what retrying costs where others wait.

use std::collections::BTreeMap;

use judge::evidence::EvidenceError;
use judge::sql::Value;

use super::Chart;
use super::facts::{Facts, figure, step, table, text};
use super::svg::{Svg, short};
use super::whose::{Sides, Whose};

const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 330.0;
const TOP: f64 = 92.0;
const BOTTOM: f64 = 52.0;
/// Operations that were started more often stand in the last column.
const TRIES_MAX: i64 = 20;
/// So many phases are drawn.
const PHASES_MAX: usize = 3;

/// Operations by phase, then by whose they are and how often they were started.
type Counts = BTreeMap<(i64, String), BTreeMap<(Whose, i64), i64>>;

/// There is one where some operation was started more than once.
pub(super) fn chart(sides: &Sides<'_>) -> Result<Option<Chart>, EvidenceError> {
    let mut counts = Counts::new();
    for whose in [Whose::Yours, Whose::Par] {
        let Some((reading, side)) = sides.of(whose) else { continue };
        let sql = format!(
            "SELECT phase, (SELECT name FROM {side}.phases AS p WHERE p.phase = o.phase LIMIT 1) AS name,
             min(tries, {TRIES_MAX}) AS tries, count(*) AS n FROM {side}.ops AS o GROUP BY phase, 3"
        );
        for it in Facts::ask(reading, &sql)?.iter() {
            let phase = counts.entry((it.int("phase"), it.text("name"))).or_default();
            *phase.entry((whose, it.int("tries").max(1))).or_default() += it.int("n");
        }
    }
    counts.retain(|_, phase| phase.keys().any(|(_, tries)| *tries > 1));
    Ok((!counts.is_empty()).then(|| draw(sides, &counts)))
}

fn draw(sides: &Sides<'_>, counts: &Counts) -> Chart {
    let title = "How often operations were started";
    let starts = |phase: &BTreeMap<(Whose, i64), i64>, of: Whose| -> i64 {
        phase.iter().filter(|((whose, _), _)| *whose == of).map(|((_, tries), n)| tries * n).sum()
    };
    let told = counts.iter().map(|((_, name), phase)| {
        let each = [Whose::Yours, Whose::Par]
            .map(|it| format!("{} {} starts", sides.name(it), figure(starts(phase, it))));
        format!("{name}: {}", each.join(", "))
    });
    let about = format!("{}.", told.collect::<Vec<_>>().join("; "));
    let mut svg = Svg::new(WIDTH, HEIGHT, title, &about);
    svg.text((16.0, 26.0), "head", title);
    svg.rect((18.0, 42.0), (11.0, 11.0), Whose::Yours.class(), "");
    svg.text((35.0, 52.0), "", &sides.name(Whose::Yours));
    svg.rect((98.0, 42.0), (11.0, 11.0), Whose::Par.class(), "");
    svg.text((115.0, 52.0), "", &sides.name(Whose::Par));
    let panels = counts.len().min(PHASES_MAX);
    let width = (WIDTH - 16.0) / panels as f64;
    for (index, ((_, name), phase)) in counts.iter().take(PHASES_MAX).enumerate() {
        panel(&mut svg, (16.0 + width * index as f64, width - 24.0), name, phase);
    }
    svg.text((16.0, HEIGHT - 10.0), "small", "Across: starts of one operation. Up: operations.");
    let rows = counts.iter().flat_map(|((_, name), phase)| {
        let row = move |((whose, tries), n): (&(Whose, i64), &i64)| {
            vec![text(name.clone()), text(sides.name(*whose)), Value::Int(*tries), Value::Int(*n)]
        };
        phase.iter().map(row)
    });
    Chart {
        name: "tries".to_owned(),
        caption:
            "Whoever waits is started once; whoever meets a conflict begins anew, and may meet the next one."
                .to_owned(),
        table: table(&["phase", "whose", "starts", "operations"], rows.collect()),
        picture: svg.finish(),
    }
}

fn panel(svg: &mut Svg, (left, width): (f64, f64), name: &str, phase: &BTreeMap<(Whose, i64), i64>) {
    let (floor, plot) = (HEIGHT - BOTTOM, HEIGHT - TOP - BOTTOM);
    let most = phase.values().copied().max().unwrap_or(1).max(1);
    let tries_max = phase.keys().map(|(_, tries)| *tries).max().unwrap_or(1).max(4);
    let step = step(most, 4);
    let top = (most + step - 1) / step * step;
    let height = |n: i64| plot * n as f64 / top as f64;
    let inner = left + 52.0;
    svg.text((inner, TOP - 14.0), "bold", &short(name, (width / 7.0) as usize));
    for line in 0..=top / step {
        let y = floor - height(line * step);
        svg.line((inner, y), (left + width, y), "grid");
        svg.text((inner - 6.0, y + 4.0), "small end", &figure(line * step));
    }
    let column = (width - 52.0) / tries_max as f64;
    let bar = (column * 0.4).min(26.0);
    for tries in 1..=tries_max {
        let x = inner + column * (tries as f64 - 0.5);
        if column > 14.0 || tries % 5 == 0 || tries == 1 {
            let label = if tries == TRIES_MAX { format!("{tries}+") } else { tries.to_string() };
            svg.text((x, floor + 15.0), "small mid", &label);
        }
        for (whose, at) in [(Whose::Yours, x - bar), (Whose::Par, x)] {
            if let Some(n) = phase.get(&(whose, tries)) {
                let told = format!("{n} operations with {tries} starts");
                svg.rect((at, floor - height(*n)), (bar - 1.0, height(*n).max(1.0)), whose.class(), &told);
            }
        }
    }
}
