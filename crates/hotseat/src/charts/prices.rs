//! Read saved against write paid: blocks of all reads beside the WAL records of all writes.

use judge::evidence::EvidenceError;
use judge::sql::Value;

use super::Chart;
use super::facts::{Facts, figure, quoted, table, tables_with, text};
use super::svg::{Svg, short};
use super::whose::{Sides, Whose};

const WIDTH: f64 = 1000.0;
const BAR: f64 = 15.0;
const GAP: f64 = 12.0;
const LABEL: f64 = 165.0;
const PANEL: f64 = 480.0;

/// Something that was priced, and what each paid for it.
struct Priced {
    what: String,
    prices: Vec<(Whose, i64)>,
}

/// There is one where a run has priced both reads and writes.
pub(super) fn chart(sides: &Sides<'_>) -> Result<Option<Chart>, EvidenceError> {
    let reads = reads(sides)?;
    let writes = writes(sides)?;
    if reads.is_empty() || writes.is_empty() {
        return Ok(None);
    }
    Ok(Some(draw(sides, &reads, &writes)))
}

fn reads(sides: &Sides<'_>) -> Result<Vec<Priced>, EvidenceError> {
    let sql = |side: &str| {
        format!(
            "SELECT c.probe
                || iif((SELECT count(DISTINCT component) FROM {side}.plans) > 1, ' on ' || c.component, '')
                || iif((SELECT count(DISTINCT phase) FROM {side}.plans AS o WHERE o.probe = c.probe) > 1,
                       ', ' || p.name, '') AS what,
             sum(blocks) AS price
             FROM {side}.plan_costs AS c JOIN {side}.phases AS p USING (phase, tick)
             WHERE mode = 'custom' GROUP BY c.probe, c.component, c.phase ORDER BY c.phase, 1"
        )
    };
    priced(sides, &[sql])
}

/// Probes that have counted WAL records.
fn writes(sides: &Sides<'_>) -> Result<Vec<Priced>, EvidenceError> {
    let mut all = Vec::new();
    for name in tables_with(sides.reading, &["phase", "tick", "wal_records"])? {
        if name.starts_with("plan") {
            continue;
        }
        let what = name.replace('_', " ").replace('\'', "");
        let sql = |side: &str| {
            format!(
                "SELECT '{what}' || iif((SELECT count(DISTINCT phase) FROM {side}.{table}) > 1,
                    ', until ' || p.name, '') AS what, sum(wal_records) AS price
                 FROM {side}.{table} JOIN {side}.phases AS p USING (phase, tick)
                 GROUP BY phase ORDER BY phase",
                table = quoted(&name)
            )
        };
        all.extend(priced(sides, &[sql])?);
    }
    Ok(all)
}

fn priced(sides: &Sides<'_>, sqls: &[impl Fn(&str) -> String]) -> Result<Vec<Priced>, EvidenceError> {
    let mut all: Vec<Priced> = Vec::new();
    for whose in Whose::ALL {
        let Some((reading, side)) = sides.of(whose) else { continue };
        for sql in sqls {
            for it in Facts::ask(reading, &sql(side))?.iter() {
                let (what, price) = (it.text("what"), (whose, it.int("price")));
                match all.iter_mut().find(|it| it.what == what) {
                    Some(known) => known.prices.push(price),
                    None => all.push(Priced { what, prices: vec![price] }),
                }
            }
        }
    }
    Ok(all)
}

fn draw(sides: &Sides<'_>, reads: &[Priced], writes: &[Priced]) -> Chart {
    let title = "What is read, and what is written for it";
    let height =
        |panel: &[Priced]| -> f64 { panel.iter().map(|it| GAP + BAR * it.prices.len() as f64).sum() };
    let whole = 96.0 + height(reads).max(height(writes)) + 16.0;
    let told = |panel: &[Priced]| {
        let one = |it: &Priced| {
            let prices = it.prices.iter().map(|(whose, n)| format!("{} {}", sides.name(*whose), figure(*n)));
            format!("{}: {}", it.what, prices.collect::<Vec<_>>().join(", "))
        };
        panel.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    let about = format!("Blocks read: {}. WAL records written: {}.", told(reads), told(writes));
    let mut svg = Svg::new(WIDTH, whole, title, &about);
    svg.text((16.0, 26.0), "head", title);
    let mut at = 18.0;
    for whose in Whose::ALL {
        let drawn = reads.iter().chain(writes).flat_map(|it| &it.prices).any(|(it, _)| *it == whose);
        if drawn {
            svg.rect((at, 42.0), (11.0, 11.0), whose.class(), "");
            svg.text((at + 17.0, 52.0), "", &sides.name(whose));
            at += 46.0 + 7.0 * sides.name(whose).chars().count() as f64;
        }
    }
    panel(&mut svg, 16.0, "reads: blocks, all rows of the parameter set", reads);
    panel(&mut svg, 16.0 + PANEL + 24.0, "writes: WAL records", writes);
    let rows = [("blocks", reads), ("WAL records", writes)].into_iter().flat_map(|(unit, panel)| {
        panel.iter().flat_map(move |it| {
            it.prices.iter().map(move |(whose, price)| {
                vec![text(it.what.clone()), text(sides.name(*whose)), Value::Int(*price), text(unit)]
            })
        })
    });
    Chart {
        name: "prices".to_owned(),
        caption: "What makes a look cheap is paid when something is written. The two halves have scales of their own."
            .to_owned(),
        table: table(&["what", "whose", "price", "unit"], rows.collect()),
        picture: svg.finish(),
    }
}

fn panel(svg: &mut Svg, left: f64, unit: &str, all: &[Priced]) {
    svg.text((left, 82.0), "small", unit);
    let most = all.iter().flat_map(|it| &it.prices).map(|(_, price)| *price).max().unwrap_or(1).max(1);
    let room = PANEL - LABEL - 60.0;
    let mut y = 90.0;
    svg.line(
        (left + LABEL, y),
        (left + LABEL, 90.0 + all.iter().map(|it| GAP + BAR * it.prices.len() as f64).sum::<f64>()),
        "axis",
    );
    for it in all {
        y += GAP / 2.0;
        svg.text((left, y + 11.0), "", &short(&it.what, 25));
        for (whose, price) in &it.prices {
            let width = room * *price as f64 / most as f64;
            svg.rect((left + LABEL, y), (width.max(1.0), BAR - 3.0), whose.class(), &it.what);
            svg.text((left + LABEL + width + 6.0, y + 10.0), "small", &figure(*price));
            y += BAR;
        }
        y += GAP / 2.0;
    }
}
