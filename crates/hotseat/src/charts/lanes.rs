//! Sessions that took turns inside each other's transactions: a lane for each, and who waited for whom.

use std::collections::BTreeMap;

use judge::evidence::{EvidenceError, Reading};
use judge::sql::Value;
use judge::verdict::{Finding, State};

use super::Chart;
use super::facts::{Facts, figure, table, text};
use super::svg::{Svg, short};
use super::whose::{Sides, Whose};

const WIDTH: f64 = 1000.0;
const LANE: f64 = 34.0;
const LEFT: f64 = 340.0;
/// Gates stand up to here, waits after them, ends after those.
const WAITS: f64 = 520.0;
const ENDS: f64 = 700.0;
/// A group with more sessions is drawn up to this many.
const LANES_MAX: usize = 12;

/// A group that took turns.
struct Group {
    phase: i64,
    /// As SQL.
    grp: String,
    name: String,
}

struct Session {
    op: i64,
    what: String,
    gates: i64,
    end: String,
    done: bool,
    tries: i64,
}

struct Wait {
    op: i64,
    holder: i64,
    on: String,
}

struct Scene {
    name: String,
    sessions: Vec<Session>,
    waits: Vec<Wait>,
}

/// There is one where sessions took turns: of the group that the first counterexample names, or of the one that
/// waited most.
pub(super) fn chart(sides: &Sides<'_>, findings: &[Finding]) -> Result<Option<Chart>, EvidenceError> {
    let Some(group) = group(sides.reading, findings)? else { return Ok(None) };
    let mut scenes = Vec::new();
    for whose in [Whose::Yours, Whose::Par] {
        if let Some((reading, side)) = sides.of(whose) {
            let scene = scene(reading, side, &group, sides.name(whose))?;
            if !scene.sessions.is_empty() {
                scenes.push(scene);
            }
        }
    }
    Ok((!scenes.is_empty()).then(|| draw(&group, &scenes)))
}

fn group(reading: &Reading, findings: &[Finding]) -> Result<Option<Group>, EvidenceError> {
    let sql =
        "SELECT phase, p.name, quote(grp) AS literal, grp, count(DISTINCT o.op) AS n, count(w.op) AS waits
               FROM ops AS o JOIN phases AS p USING (phase, tick) LEFT JOIN waits AS w ON w.op = o.op
               WHERE grp IS NOT NULL GROUP BY phase, grp HAVING n > 1 ORDER BY waits DESC, phase, grp";
    let all = Facts::ask(reading, sql)?;
    let groups = || {
        all.iter().map(|it| {
            let (phase, grp) = (it.text("name"), it.text("grp"));
            let singular = phase.strip_suffix('s').unwrap_or(&phase);
            let name = if grp.parse::<i64>().is_ok() {
                format!("{singular} {grp}")
            } else {
                format!("{phase}: {grp}")
            };
            Group { phase: it.int("phase"), grp: it.text("literal"), name }
        })
    };
    for finding in findings {
        let State::Broken { counterexamples, .. } = &finding.state else { continue };
        for row in &counterexamples.rows {
            let names = |group: &Group| {
                row.iter().any(|cell| matches!(cell, Value::Text(text) if *text == group.name || group.name.ends_with(&format!(": {text}"))))
            };
            if let Some(group) = groups().find(names) {
                return Ok(Some(group));
            }
        }
    }
    Ok(groups().next())
}

fn scene(reading: &Reading, side: &str, group: &Group, name: String) -> Result<Scene, EvidenceError> {
    let Group { phase, grp, .. } = group;
    let ops = format!(
        "SELECT o.op, grp, params, outcome, sqlstate, reason, tries,
         (SELECT count(*) FROM {side}.gates AS g WHERE g.op = o.op) AS gates
         FROM {side}.ops AS o WHERE phase = {phase} AND grp IS {grp} ORDER BY o.op LIMIT {LANES_MAX}"
    );
    let sessions: Vec<Session> = Facts::ask(reading, &ops)?
        .iter()
        .map(|it| {
            let reason = it.text("reason");
            let why = reason.split(';').next().unwrap_or_default();
            let done = it.text("outcome") == "done";
            let end = if done { "done".to_owned() } else { format!("{}: {why}", it.text("outcome")) };
            let (op, gates, tries) = (it.int("op"), it.int("gates"), it.int("tries"));
            Session { op, what: parameters(&it.text("params"), &it.text("grp")), gates, end, done, tries }
        })
        .collect();
    let ids: Vec<String> = sessions.iter().map(|it| it.op.to_string()).collect();
    let waits = format!(
        "SELECT op, holder, line, lock, relation FROM {side}.waits WHERE op IN ({}) ORDER BY rowid LIMIT 40",
        ids.join(", ")
    );
    let waits = Facts::ask(reading, &waits)?
        .iter()
        .map(|it| {
            let line = it.maybe("line").map_or(String::new(), |line| format!("line {line}, "));
            let relation = it.text("relation");
            let on = if relation.is_empty() { String::new() } else { format!(" on {relation}") };
            Wait { op: it.int("op"), holder: it.int("holder"), on: format!("{line}{}{on}", it.text("lock")) }
        })
        .collect();
    Ok(Scene { name, sessions, waits })
}

/// An operation's parameters in a few words, without the one that names its group.
fn parameters(json: &str, grp: &str) -> String {
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json).unwrap_or_default();
    let one = |(name, value): (&String, &serde_json::Value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (value != grp && value != "null").then(|| format!("{name} {value}"))
    };
    object.iter().filter_map(one).collect::<Vec<_>>().join(", ")
}

fn draw(group: &Group, scenes: &[Scene]) -> Chart {
    let title = format!("Who waited for whom: {}", group.name);
    let place = |scene: &Scene, op: i64| scene.sessions.iter().position(|it| it.op == op).map(|at| at + 1);
    let told = scenes.iter().map(|scene| {
        let waits = scene.waits.iter().filter_map(|wait| {
            Some(format!("session {} waits for {}", place(scene, wait.op)?, place(scene, wait.holder)?))
        });
        let ends = scene.sessions.iter().enumerate().map(|(at, it)| format!("session {} {}", at + 1, it.end));
        format!("{}: {}", scene.name, waits.chain(ends).collect::<Vec<_>>().join(", "))
    });
    let about = format!("{}.", told.collect::<Vec<_>>().join("; "));
    let lanes: usize = scenes.iter().map(|scene| scene.sessions.len()).sum();
    let height = 34.0 + LANE * lanes as f64 + 48.0 * scenes.len() as f64;
    let mut svg = Svg::new(WIDTH, height, &title, &about);
    svg.text((16.0, 26.0), "head", &title);
    let mut y = 58.0;
    let mut rows = Vec::new();
    for scene in scenes {
        let waits = scene.waits.len();
        svg.text(
            (16.0, y),
            "bold",
            &format!("{}: {waits} {}", scene.name, if waits == 1 { "wait" } else { "waits" }),
        );
        svg.text((LEFT, y), "small", "gates passed");
        svg.text((WAITS, y), "small", "waits, towards the holder");
        svg.text((ENDS + 22.0, y), "small", "how it ended");
        y += 14.0;
        sessions(&mut svg, scene, y);
        rows.extend(scene.sessions.iter().enumerate().map(|(at, it)| {
            let waits = scene.waits.iter().filter(|wait| wait.op == it.op);
            let waits = waits.map(|wait| {
                let holder =
                    place(scene, wait.holder).map_or("another".to_owned(), |at| format!("session {at}"));
                format!("{holder} ({})", wait.on)
            });
            vec![
                text(scene.name.clone()),
                Value::Int(at as i64 + 1),
                text(it.what.clone()),
                Value::Int(it.gates),
                text(waits.collect::<Vec<_>>().join("; ")),
                text(it.end.clone()),
                Value::Int(it.tries),
            ]
        }));
        y += LANE * scene.sessions.len() as f64 + 34.0;
    }
    Chart {
        name: "lanes".to_owned(),
        caption: "Sessions move in turns; at a gate, one stands inside its statement while the others move. Two arrows against each other are a deadlock."
            .to_owned(),
        picture: svg.finish(),
        table: table(&["whose", "session", "parameters", "gates", "waited for", "ended", "starts"], rows),
    }
}

fn sessions(svg: &mut Svg, scene: &Scene, top: f64) {
    let at = |index: usize| top + LANE * (index as f64 + 0.5);
    let places: BTreeMap<i64, usize> =
        scene.sessions.iter().enumerate().map(|(index, it)| (it.op, index)).collect();
    let most = scene.sessions.iter().map(|it| it.gates).max().unwrap_or(0).max(1);
    for (index, it) in scene.sessions.iter().enumerate() {
        let y = at(index);
        if index % 2 == 0 {
            svg.rect((12.0, y - LANE / 2.0), (WIDTH - 24.0, LANE), "band", "");
        }
        svg.text((16.0, y + 4.0), "bold", &(index + 1).to_string());
        svg.text((34.0, y + 4.0), "small", &short(&it.what, 50));
        svg.line((LEFT, y), (ENDS, y), "lane");
        for gate in 0..it.gates.min(12) {
            svg.circle((LEFT + 10.0 + 160.0 * gate as f64 / most.min(12) as f64, y), 4.0, "a");
        }
        if it.done {
            svg.circle((ENDS, y), 6.0, "a");
        } else {
            svg.cross((ENDS, y), 6.0, "cross");
        }
        let starts = if it.tries > 1 { format!(", {} starts", figure(it.tries)) } else { String::new() };
        let class = if it.done { "" } else { "bad" };
        svg.text((ENDS + 22.0, y + 4.0), class, &short(&format!("{}{starts}", it.end), 38));
    }
    let step = (ENDS - WAITS - 40.0) / scene.waits.len().max(4) as f64;
    for (index, wait) in scene.waits.iter().enumerate() {
        let (Some(from), Some(to)) = (places.get(&wait.op), places.get(&wait.holder)) else { continue };
        let x = WAITS + 12.0 + step * index as f64;
        let (from, to) = (at(*from), at(*to));
        let back = if to > from { -8.0 } else { 8.0 };
        svg.circle((x, from), 4.0, "d open");
        svg.line((x, from), (x, to + back), "d thick");
        svg.shape(&[(x, to), (x - 4.0, to + back), (x + 4.0, to + back)], "d");
    }
}
