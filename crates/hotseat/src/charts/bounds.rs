//! How near each claim's figure is to its bound: findings, not evidence.

use judge::check::Relation;
use judge::sql::Value;
use judge::verdict::{Figure, Finding, State, shown};

use super::Chart;
use super::facts::{table, text};
use super::svg::Svg;

const WIDTH: f64 = 1000.0;
const ROW: f64 = 30.0;
const LEFT: f64 = 230.0;
const SCALE: f64 = 420.0;
const TOP: f64 = 78.0;
/// Figures beyond this share of their bound are drawn up to here.
const SHARE_MAX: f64 = 1.6;

struct Bar<'f> {
    check: &'f str,
    figure: &'f Figure,
    got: f64,
    par: Option<f64>,
    held: bool,
}

/// There is one where some claim has a bound that is a number other than nought.
pub(super) fn chart(findings: &[Finding]) -> Option<Chart> {
    let bars: Vec<Bar<'_>> = findings.iter().filter_map(bar).collect();
    (bars.len() > 1).then(|| draw(&bars))
}

fn bar(finding: &Finding) -> Option<Bar<'_>> {
    let (figure, held) = match &finding.state {
        State::Held(figure) => (figure, true),
        State::Broken { figure, .. } => (figure, false),
        State::Inconclusive(_) => return None,
    };
    let need = number(&figure.need).filter(|need| *need > 0.0)?;
    if figure.relation == Relation::Exactly {
        return None;
    }
    let par = figure.par.as_ref().and_then(number).map(|par| par / need);
    Some(Bar { check: &finding.check, figure, got: number(&figure.got)? / need, par, held })
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) if number.is_finite() => Some(*number),
        _ => None,
    }
}

fn draw(bars: &[Bar<'_>]) -> Chart {
    let title = "How near the figures are to their bounds";
    let told = bars.iter().map(|it| format!("{}: {:.0} % of its bound", it.check, 100.0 * it.got));
    let about = format!("{}.", told.collect::<Vec<_>>().join("; "));
    let height = TOP + ROW * bars.len() as f64 + 30.0;
    let mut svg = Svg::new(WIDTH, height, title, &about);
    svg.text((16.0, 26.0), "head", title);
    svg.rect((18.0, 42.0), (11.0, 11.0), "a", "");
    svg.text((35.0, 52.0), "", "held");
    svg.rect((90.0, 42.0), (11.0, 11.0), "d", "");
    svg.text((107.0, 52.0), "", "broken");
    svg.line((178.0, 40.0), (178.0, 55.0), "c thick");
    svg.text((186.0, 52.0), "", "the reference");
    let x = |share: f64| LEFT + SCALE * share.clamp(0.0, SHARE_MAX) / SHARE_MAX;
    let floor = TOP + ROW * bars.len() as f64;
    for share in [0.0, 0.5, 1.0, 1.5] {
        svg.line((x(share), TOP - 4.0), (x(share), floor), if share == 1.0 { "axis" } else { "grid" });
        let told = if share == 1.0 { "the bound".to_owned() } else { format!("{:.0} %", share * 100.0) };
        svg.text((x(share), floor + 16.0), "small mid", &told);
    }
    let mut rows = Vec::new();
    for (index, it) in bars.iter().enumerate() {
        let y = TOP + ROW * index as f64;
        svg.text((LEFT - 10.0, y + 16.0), "end", it.check);
        svg.rect((LEFT, y + 4.0), ((x(it.got) - LEFT).max(1.0), 15.0), if it.held { "a" } else { "d" }, "");
        if it.got > SHARE_MAX {
            let at = x(it.got);
            svg.shape(&[(at, y + 1.0), (at + 9.0, y + 11.5), (at, y + 22.0)], "d");
        }
        if let Some(par) = it.par {
            svg.line((x(par), y), (x(par), y + 23.0), "c thick");
        }
        let words = it.figure.relation.words();
        let told =
            format!("{} of {words} {} {}", shown(&it.figure.got), shown(&it.figure.need), it.figure.unit);
        svg.text((LEFT + SCALE + 20.0, y + 16.0), "small", &super::svg::short(&told, 62));
        rows.push(vec![
            text(it.check),
            it.figure.got.clone(),
            text(words),
            it.figure.need.clone(),
            it.figure.par.clone().unwrap_or(Value::Null),
            text(it.figure.unit.clone()),
        ]);
    }
    Chart {
        name: "bounds".to_owned(),
        caption: "Each figure as a share of its own bound; an arrow goes on beyond the scale. Claims whose bound is nought are left out."
            .to_owned(),
        picture: svg.finish(),
        table: table(&["claim", "got", "need", "bound", "par", "unit"], rows),
    }
}
