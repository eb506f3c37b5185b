//! Gathers what belongs to a story, and puts it in order.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::series::{Row, in_list, literal, rows, window};
use super::{Event, History, Lane, Request, Span, Subject, What, Window, fold};
use crate::evidence::{EvidenceError, Reading};

/// The rows of the evidence that belong to one subject.
pub(super) struct Story {
    exchanges: Vec<Row>,
    calls: Vec<Row>,
    charges: Vec<Row>,
    landings: Vec<Row>,
    ends: Vec<Row>,
    phases: Vec<Row>,
    instances: i64,
}

impl Story {
    pub(super) fn read(subject: &Subject, reading: &Reading) -> Result<Option<Story>, EvidenceError> {
        let (exchanges, references) = exchanges(subject, reading)?;
        let (Some(first), Some(last)) =
            (exchanges.first(), exchanges.iter().map(|it| it.int("ended_us")).max())
        else {
            return Ok(None);
        };
        let during = match subject {
            // Other requests for the same payment have stories of their own.
            Subject::Exchange(_) => format!("{} AND {last}", first.int("started_us")),
            _ => format!("0 AND {}", i64::MAX),
        };
        let references = in_list(&references);
        let calls = rows(
            reading,
            &format!(
                "SELECT * FROM calls WHERE started_us BETWEEN {during} AND (reference IN {references}
                 OR substr(path, length('/charges/') + 1) IN
                    (SELECT key FROM calls WHERE reference IN {references} AND key IS NOT NULL))
                 ORDER BY started_us"
            ),
        )?;
        let charges = rows(
            reading,
            &format!(
                "SELECT * FROM charges WHERE at_us BETWEEN {during} AND reference IN {references} ORDER BY at_us"
            ),
        )?;
        let numbers: Vec<String> = exchanges.iter().map(|it| it.int("exchange").to_string()).collect();
        let landings = rows(
            reading,
            &format!("SELECT * FROM landings WHERE op IN ({}) ORDER BY at_us", numbers.join(", ")),
        )?;
        let ends = rows(reading, "SELECT * FROM lives WHERE NOT by_us ORDER BY ended_us")?;
        let phases = rows(reading, "SELECT * FROM phases ORDER BY started_us")?;
        let instances = rows(reading, "SELECT max(instance) AS n FROM exchanges")?;
        let instances = instances.first().map_or(1, |it| it.int("n"));
        Ok(Some(Story { exchanges, calls, charges, landings, ends, phases, instances }))
    }

    pub(super) fn told(&self, subject: &Subject) -> History {
        let first = &self.exchanges[0];
        let of = match subject {
            Subject::Payment(it) => format!("payment {it}"),
            Subject::Key(it) => format!("key {it}"),
            Subject::Exchange(it) => format!("exchange {it}"),
        };
        let mut events = self.events();
        // What happens at the same microsecond is told in the order of `What`.
        events.sort_by_key(|it| (it.at_us, it.what));
        let starts_us: Vec<i64> = self.phases.iter().map(|it| it.int("started_us")).collect();
        let events = fold::folded(events, &starts_us);
        History {
            of,
            instances: self.instances,
            request: request(first),
            phases: self.spans(&events),
            windows: self.windows(),
            events,
        }
    }

    fn events(&self) -> Vec<Event> {
        let exchanges = self.exchanges.iter().flat_map(exchange_events);
        let calls = self.calls.iter().flat_map(call_events);
        let charges = self.charges.iter().enumerate().map(|(index, it)| charge_event(index + 1, it));
        let landings = self.landings.iter().flat_map(landing_events);
        let ends = self.ends.iter().filter(|life| {
            let at_us = life.int("ended_us");
            self.exchanges.iter().any(|it| (it.int("started_us")..=it.int("ended_us")).contains(&at_us))
        });
        let ends = ends.map(|life| {
            let lane = Lane::Instance(life.int("instance"));
            event(life.int("ended_us"), lane, None, What::Ended, format!("{} by itself", life.text("how")))
        });
        exchanges.chain(calls).chain(charges).chain(landings).chain(ends).collect()
    }

    fn windows(&self) -> Vec<Window> {
        self.landings.iter().map(window).collect()
    }

    /// The phases in which something happened.
    fn spans(&self, events: &[Event]) -> Vec<Span> {
        let spans = self.phases.iter().enumerate().filter(|(index, phase)| {
            let next = self.phases.get(index + 1).map_or(i64::MAX, |next| next.int("started_us"));
            events.iter().any(|it| (phase.int("started_us")..next).contains(&it.at_us))
        });
        spans.map(|(_, phase)| phase.span()).collect()
    }
}

/// The exchanges of a story, and what its payments are called in bodies.
fn exchanges(subject: &Subject, reading: &Reading) -> Result<(Vec<Row>, BTreeSet<String>), EvidenceError> {
    let select = |wanted: &str| {
        rows(reading, &format!("SELECT * FROM exchanges WHERE {wanted} ORDER BY started_us, exchange"))
    };
    let wanted = match subject {
        // What was never sent has no story.
        Subject::Exchange(number) => format!("exchange = {number} AND outcome <> 'refused'"),
        Subject::Payment(name) => any(&BTreeSet::from([name.clone()]), IN_BODY),
        Subject::Key(key) => format!(
            "EXISTS (SELECT 1 FROM json_each(headers) h WHERE lower(h.value ->> 0) = 'idempotency-key'
             AND h.value ->> 1 = {})",
            literal(key)
        ),
    };
    let mut seeds = select(&wanted)?;
    if let Subject::Payment(id) = subject
        && seeds.is_empty()
    {
        // Not what its customer calls it, but what the service does.
        let named = "method = 'POST' AND json_valid(answer) AND answer ->> '$.id' =";
        seeds = select(&format!("{named} {}", literal(id)))?;
    }
    let mut references: BTreeSet<String> =
        seeds.iter().filter_map(|it| member(&it.text("body"), &["reference"])).collect();
    if let Subject::Exchange(_) = subject {
        return Ok((seeds, references));
    }
    if let (Subject::Payment(name), false) = (subject, seeds.is_empty()) {
        references.insert(name.clone());
    }
    let ids = seeds.iter().filter_map(|it| member(&it.text("answer"), &["id"]));
    let ids: BTreeSet<String> = ids.filter(|id| !id.is_empty()).map(|id| format!("/{id}")).collect();
    let (named, asked) = (any(&references, IN_BODY), any(&ids, "substr(path, -length(it)) = it"));
    Ok((select(&format!("({wanted} OR {named} OR {asked})"))?, references))
}

/// Whole, as a text of JSON: `accident-1` is not in `accident-11`.
const IN_BODY: &str = "instr(body, json_quote(it)) > 0";

/// Whether a condition is true of any of these texts, of which there may be many; it calls the text `it`.
fn any(texts: &BTreeSet<String>, condition: &str) -> String {
    let rows: Vec<String> = texts.iter().map(|text| format!("({})", literal(text))).collect();
    match rows.is_empty() {
        true => "FALSE".to_owned(),
        false => format!(
            "EXISTS (SELECT 1 FROM (SELECT column1 AS it FROM (VALUES {})) WHERE {condition})",
            rows.join(", ")
        ),
    }
}

fn exchange_events(it: &Row) -> Vec<Event> {
    let instance = Lane::Instance(it.int("instance"));
    let again = match it.int("try") {
        0 | 1 => String::new(),
        n => format!(", try {n}"),
    };
    let asked = format!("{} {}{again}", it.text("method"), it.text("path"));
    let (started_us, ended_us) = (it.int("started_us"), it.int("ended_us"));
    let reason = it.text("reason");
    if it.text("outcome") == "refused" {
        return vec![event(ended_us, Lane::Customer, None, What::NotSent, format!("{asked}: {reason}"))];
    }
    let sent = event(started_us, Lane::Customer, Some(instance), What::Sent, asked);
    let ended = match it.maybe("status") {
        Some(status) => {
            let answer = it.text("answer");
            let id = member(&answer, &["id", "payment"]).map(|id| format!("id {id}"));
            let said = id.or_else(|| member(&answer, &["detail", "title", "error"]));
            let detail = said.map_or_else(|| status.to_string(), |said| format!("{status}, {said}"));
            event(ended_us, instance, Some(Lane::Customer), What::Answered, detail)
        }
        None => event(ended_us, Lane::Customer, None, What::Unanswered, reason),
    };
    vec![sent, ended]
}

fn call_events(it: &Row) -> Vec<Event> {
    let instance = Lane::Instance(it.int("instance"));
    let key = match (&*it.text("method"), &*it.text("key")) {
        ("POST", "") => ", without a key".to_owned(),
        (_, "") => String::new(),
        (_, key) => format!(", key {key}"),
    };
    let called = format!("{} {}{key}", it.text("method"), it.text("path"));
    let called = event(it.int("started_us"), instance, Some(Lane::Gateway), What::Called, called);
    let Some(ended_us) = it.maybe("ended_us") else { return vec![called] };
    let ended = match it.maybe("status") {
        Some(status) => {
            event(ended_us, Lane::Gateway, Some(instance), What::CallAnswered, status.to_string())
        }
        None => {
            let why = match &*it.text("conduct") {
                "cut" => "the call is lost on its way",
                "charge-cut" => "charged, and its answer is lost",
                "hang" => "no answer: the gateway hung",
                "charge-hang" => "charged, and no answer: the gateway hung",
                _ => "the caller has gone",
            };
            event(ended_us, Lane::Gateway, None, What::CallUnanswered, why.to_owned())
        }
    };
    vec![called, ended]
}

fn charge_event(number: usize, it: &Row) -> Event {
    let detail =
        format!("charge {number}: {} {}, {}", it.int("amount"), it.text("currency"), it.text("charge"));
    event(it.int("at_us"), Lane::Gateway, None, What::Charged, detail)
}

fn landing_events(it: &Row) -> Vec<Event> {
    let (fault, victim) = (it.text("kind"), it.text("victim"));
    let lane = Lane::Instance(it.int("instance"));
    let instance = format!("instance {}", it.int("instance"));
    let came_to = it.text("came_to");
    let (what, detail, back) = match &*it.text("does") {
        "kill" => (What::Killed, format!("{instance} killed ({fault})"), "runs again".into()),
        "terminate" => {
            (What::Terminated, format!("{instance} told to end ({fault}): {came_to}"), "runs again".into())
        }
        "freeze" => (What::Frozen, format!("{instance} frozen ({fault})"), "goes on".into()),
        "cut" => (What::Cut, format!("connection to {victim} cut ({fault})"), String::new()),
        _ => (
            What::Away,
            format!("connections to {victim} cut ({fault})"),
            format!("{victim} takes connections again"),
        ),
    };
    let landed = event(it.int("at_us"), lane, None, what, detail);
    let over = it.maybe("over_us").map(|over_us| event(over_us, lane, None, What::Back, back));
    std::iter::once(landed).chain(over).collect()
}

fn event(at_us: i64, lane: Lane, to: Option<Lane>, what: What, detail: String) -> Event {
    Event { at_us, lane, to, what, detail, times: 1, until_us: at_us }
}

fn request(it: &Row) -> Request {
    Request {
        exchange: it.int("exchange"),
        method: it.text("method"),
        path: it.text("path"),
        headers: serde_json::from_str(&it.text("headers")).unwrap_or_default(),
        body: it.has("body").then(|| it.text("body")),
    }
}

/// The first of these members that a JSON object has as a text.
fn member(json: &str, names: &[&str]) -> Option<String> {
    let json: Json = serde_json::from_str(json).ok()?;
    names.iter().find_map(|name| json.get(name)?.as_str().map(str::to_owned))
}
