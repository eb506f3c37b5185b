//! Blocks against the size of the data: the same queries on a small and on a large component.

use std::collections::BTreeMap;

use judge::evidence::{EvidenceError, Rows};
use judge::sql::Value;

use super::Chart;
use super::facts::{Facts, figure, literal, quoted, table, tables_with, text};
use super::svg::Svg;
use super::whose::{Sides, Whose};

const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 90.0;
const RIGHT: f64 = 130.0;
const TOP: f64 = 86.0;
const BOTTOM: f64 = 56.0;

/// Blocks by probe and row of its parameter set, then by component. A query that finds nothing on a component has
/// not done the same work there.
type Lines = BTreeMap<(String, i64), BTreeMap<String, i64>>;

/// There is one where a probe's plans were made for the same rows on several components.
pub(super) fn chart(sides: &Sides<'_>) -> Result<Option<Chart>, EvidenceError> {
    let Some(probe) = probe(sides)? else { return Ok(None) };
    let mut all: Vec<(Whose, Lines)> = Vec::new();
    for whose in [Whose::Before, Whose::Par, Whose::Yours] {
        all.push((whose, lines(sides, whose, &probe)?));
    }
    let yours = all.iter().find(|(whose, _)| *whose == Whose::Yours).map(|(_, lines)| lines);
    let mut sizes: Vec<(String, Option<i64>, i64)> = Vec::new();
    for (component, blocks) in yours.into_iter().flat_map(|lines| lines.values()).flatten() {
        match sizes.iter_mut().find(|(name, ..)| name == component) {
            Some((.., sum)) => *sum += blocks,
            None => sizes.push((component.clone(), None, *blocks)),
        }
    }
    let rows = rows(sides)?;
    sizes.iter_mut().for_each(|(name, known, _)| *known = rows.get(name).copied());
    // Without counts of rows, whoever costs more is taken for larger.
    let counted = sizes.iter().all(|(_, known, _)| known.is_some());
    sizes.sort_by_key(|(_, known, blocks)| if counted { known.unwrap_or(0) } else { *blocks });
    let whole = |line: &BTreeMap<String, i64>| sizes.iter().all(|(name, ..)| line.contains_key(name));
    for (_, lines) in &mut all {
        lines.retain(|_, line| whole(line));
    }
    all.retain(|(_, lines)| !lines.is_empty());
    if sizes.len() < 2 || !all.iter().any(|(whose, _)| *whose == Whose::Yours) {
        return Ok(None);
    }
    Ok(Some(draw(sides, &sizes, &all)))
}

/// The probe whose plans were made on the most components.
fn probe(sides: &Sides<'_>) -> Result<Option<String>, EvidenceError> {
    let sql = "SELECT probe, count(DISTINCT component) AS n FROM plans GROUP BY probe HAVING n > 1
               ORDER BY n DESC, probe LIMIT 1";
    Ok(Facts::ask(sides.reading, sql)?.first().map(|it| it.text("probe")))
}

fn lines(sides: &Sides<'_>, whose: Whose, probe: &str) -> Result<Lines, EvidenceError> {
    let Some((reading, side)) = sides.of(whose) else { return Ok(Lines::new()) };
    let sql = format!(
        "SELECT component, no, max(blocks) AS blocks FROM {side}.plan_costs
         WHERE probe = {} AND mode = 'custom' GROUP BY component, no HAVING max(rows_returned) > 0",
        literal(probe)
    );
    let mut lines = Lines::new();
    for it in Facts::ask(reading, &sql)?.iter() {
        let line = lines.entry((probe.to_owned(), it.int("no"))).or_default();
        line.insert(it.text("component"), it.int("blocks"));
    }
    Ok(lines)
}

/// How many rows each component has, where a probe has counted them.
fn rows(sides: &Sides<'_>) -> Result<BTreeMap<String, i64>, EvidenceError> {
    let mut rows = BTreeMap::new();
    for name in tables_with(sides.reading, &["component", "rows", "phase"])? {
        let sql = format!(
            "SELECT component, sum(rows) AS rows FROM main.{name}
             WHERE phase = (SELECT min(phase) FROM main.{name}) GROUP BY component",
            name = quoted(&name)
        );
        if !matches!(&*name, "statements" | "plan_nodes") {
            for it in Facts::ask(sides.reading, &sql)?.iter() {
                rows.insert(it.text("component"), it.int("rows"));
            }
        }
    }
    Ok(rows)
}

fn draw(sides: &Sides<'_>, sizes: &[(String, Option<i64>, i64)], all: &[(Whose, Lines)]) -> Chart {
    let title = "Blocks against the size of the data";
    let values = || all.iter().flat_map(|(_, lines)| lines.values()).flat_map(BTreeMap::values).copied();
    let log = |blocks: i64| (blocks.max(1) as f64).log10();
    let low = log(values().min().unwrap_or(1)).floor();
    let high = log(values().max().unwrap_or(1)).ceil().max(low + 1.0);
    let (plot, floor) = (HEIGHT - TOP - BOTTOM, HEIGHT - BOTTOM);
    let y = |blocks: i64| floor - plot * (log(blocks) - low) / (high - low);
    let span = WIDTH - LEFT - RIGHT - 80.0;
    let x = |at: usize| LEFT + 40.0 + span * at as f64 / (sizes.len() - 1) as f64;
    let mut svg = Svg::new(WIDTH, HEIGHT, title, &about(sides, sizes, all));
    svg.text((16.0, 26.0), "head", title);
    legend(&mut svg, sides, all);
    for power in low as i32..=high as i32 {
        let blocks = 10_i64.pow(power.unsigned_abs());
        svg.line((LEFT, y(blocks)), (WIDTH - RIGHT, y(blocks)), "grid");
        svg.text((LEFT - 8.0, y(blocks) + 4.0), "small end", &figure(blocks));
    }
    svg.text((16.0, TOP - 14.0), "small", "blocks, each line ten times the one below");
    for (index, (name, rows, _)) in sizes.iter().enumerate() {
        svg.line((x(index), TOP), (x(index), floor), "grid");
        svg.text((x(index), floor + 18.0), "mid", name);
        let counted = rows.map_or(String::new(), |rows| format!("{} rows", figure(rows)));
        svg.text((x(index), floor + 34.0), "small mid", &counted);
    }
    for (whose, lines) in all {
        for line in lines.values() {
            let points: Vec<(f64, f64)> =
                sizes.iter().enumerate().map(|(index, (name, ..))| (x(index), y(line[name]))).collect();
            for pair in points.windows(2) {
                svg.line(
                    pair[0],
                    pair[1],
                    &format!("{} {}", whose.class(), if *whose == Whose::Par { "wide" } else { "thick" }),
                );
            }
            points.iter().for_each(|point| svg.circle(*point, 4.0, whose.class()));
        }
        let last = &sizes[sizes.len() - 1].0;
        if let Some(most) = lines.values().map(|line| line[last]).max() {
            // Yours and the reference's may be the same.
            let (word, down) = match whose {
                Whose::Before => ("before", 4.0),
                Whose::Yours => ("yours", -3.0),
                Whose::Par => ("reference", 11.0),
            };
            let told = format!("{word}: at most {}", figure(most));
            svg.text((x(sizes.len() - 1) + 12.0, y(most) + down), "small", &told);
        }
    }
    Chart {
        name: "sizes".to_owned(),
        caption:
            "A flat line reads as much in a large shop as in a small one; a steep one grows with the data."
                .to_owned(),
        picture: svg.finish(),
        table: behind(sides, sizes, all),
    }
}

fn legend(svg: &mut Svg, sides: &Sides<'_>, all: &[(Whose, Lines)]) {
    let mut at = 18.0;
    for (whose, lines) in all {
        svg.rect((at, 42.0), (11.0, 11.0), whose.class(), "");
        let told = format!("{}, {} queries", sides.name(*whose), lines.len());
        svg.text((at + 17.0, 52.0), "", &told);
        at += 46.0 + 7.0 * told.chars().count() as f64;
    }
}

/// The table behind the chart.
fn behind(sides: &Sides<'_>, sizes: &[(String, Option<i64>, i64)], all: &[(Whose, Lines)]) -> Rows {
    let mut cells = Vec::new();
    for (whose, lines) in all {
        for ((_, no), line) in lines {
            let mut row = vec![text(sides.name(*whose)), Value::Int(*no)];
            row.extend(sizes.iter().map(|(name, ..)| Value::Int(line[name])));
            cells.push(row);
        }
    }
    let heads: Vec<String> = sizes.iter().map(|(name, ..)| format!("blocks on {name}")).collect();
    let heads: Vec<&str> = ["whose", "query"].into_iter().chain(heads.iter().map(String::as_str)).collect();
    table(&heads, cells)
}

fn about(sides: &Sides<'_>, sizes: &[(String, Option<i64>, i64)], all: &[(Whose, Lines)]) -> String {
    let sum = |lines: &Lines, name: &String| lines.values().map(|line| line[name]).sum();
    let told = all.iter().map(|(whose, lines)| {
        let sums = sizes.iter().map(|(name, ..)| format!("{} on {name}", figure(sum(lines, name))));
        format!("{}: {}", sides.name(*whose), sums.collect::<Vec<_>>().join(", "))
    });
    format!("Blocks of the same queries on data of several sizes. {}.", told.collect::<Vec<_>>().join("; "))
}
