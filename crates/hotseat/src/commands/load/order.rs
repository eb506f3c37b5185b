//! What is asked for, checked before anything is sent.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use judge::evidence::Evidence;
use judge::sql::Value;
use load::{Mix, Pace, Plan, Report, Request, Requests, Stage, Target, Template};

use super::Load;
use super::clerk::{PHASE, TICK};
use crate::failure::Failure;

const RATE_PER_S: f64 = 100.0;
const BODY_BYTES_MAX: u64 = 64 * 1024 * 1024;

pub(super) struct Order {
    pub plan: Plan,
    /// In words, for people.
    pub title: String,
    /// What blanks are drawn from, if there are any to draw.
    pub seed: Option<u64>,
    url: String,
    method: String,
}

impl Order {
    /// Reads the options; what can be wrong with them is told here.
    pub(super) fn read(load: &Load) -> Result<Order, Failure> {
        let (target, path) = Target::parse(&load.url, load.remote)?;
        let body = read_body(load)?;
        let method = match (&load.method, &body) {
            (Some(method), _) => method.clone(),
            (None, Some(_)) => "POST".to_string(),
            (None, None) => "GET".to_string(),
        };
        let sent =
            Sent { method: &method, path: &path, headers: &load.headers, body: body.unwrap_or_default() };
        let seed = sent.draws().then(|| load.seed.unwrap_or_else(judge::fresh_seed));
        let mut plan = Plan::new(target, pace(load), sent.requests(seed.unwrap_or_default())?);
        plan.timeout = load.timeout;
        plan.connections_max = load.connections as usize;
        plan.keep_alive = !load.no_keep_alive;
        let title = format!("{method} {}, {}", load.url, in_words(load));
        Ok(Order { plan, title, seed, url: load.url.clone(), method })
    }

    /// Does anybody listen there? Better told before the run than by each of its requests.
    pub(super) fn reach(&self) -> Result<(), Failure> {
        let target = &self.plan.target;
        let Err(error) = TcpStream::connect_timeout(&target.address(), self.plan.timeout) else {
            return Ok(());
        };
        if error.kind() != ErrorKind::ConnectionRefused {
            return Err(Failure::missing(format!("{} cannot be reached: {error}", target.host())));
        }
        let failure = Failure::missing(format!("nothing listens on {}", target.address()))
            .hint("start the server first, or correct the port");
        let is_name = target.host().to_ascii_lowercase().starts_with("localhost");
        Err(if is_name {
            failure.hint("if it listens on IPv6 only, write [::1] for localhost")
        } else {
            failure
        })
    }

    /// The report as it is stored and printed as JSON.
    pub(super) fn shape(&self, report: &Report) -> Result<serde_json::Value, Failure> {
        let mut shape = serde_json::to_value(report).map_err(Failure::bug)?;
        shape["fell_behind"] = report.fell_behind().into();
        shape["method"] = self.method.clone().into();
        shape["url"] = self.url.clone().into();
        shape["seed"] = self.seed.into();
        Ok(shape)
    }

    /// Notes in the evidence what was asked for and what it came to.
    pub(super) fn note(
        &self,
        evidence: &mut Evidence,
        report: &Report,
        shape: &serde_json::Value,
    ) -> Result<(), Failure> {
        let whole = |number: u64| i64::try_from(number).map_or(Value::Null, Value::Int);
        let micros = |time: Duration| i64::try_from(time.as_micros()).map_or(Value::Null, Value::Int);
        let facts = [
            ("hotseat", Value::Text(env!("CARGO_PKG_VERSION").to_string())),
            ("method", Value::Text(self.method.clone())),
            ("url", Value::Text(self.url.clone())),
            ("asked", Value::Text(self.title.clone())),
            ("seed", self.seed.map_or(Value::Null, whole)),
            ("timeout_us", micros(self.plan.timeout)),
            ("connections_max", whole(self.plan.connections_max as u64)),
            ("keep_alive", Value::Bool(self.plan.keep_alive)),
            ("stopped", Value::Bool(report.stopped)),
            ("fell_behind", report.fell_behind().map_or(Value::Null, Value::Text)),
            ("report", Value::Text(shape.to_string())),
        ];
        for (key, value) in facts {
            evidence.note(key, &value)?;
        }
        evidence.phase_ended(PHASE, TICK, i64::try_from(report.elapsed_us).unwrap_or(i64::MAX))?;
        Ok(())
    }
}

fn pace(load: &Load) -> Pace {
    if let Some(clients) = load.clients {
        return Pace::Closed { clients: clients as usize, duration: load.lasts };
    }
    let rate_per_s = load.rate.unwrap_or(RATE_PER_S);
    let ramp = load.ramp.map(|ramp| Stage::ramp(0.0, rate_per_s, ramp));
    Pace::Open { stages: ramp.into_iter().chain([Stage::hold(rate_per_s, load.lasts)]).collect() }
}

fn in_words(load: &Load) -> String {
    let lasts = format!("for {:?}", load.lasts);
    match (load.clients, load.ramp) {
        (Some(1), _) => format!("1 client {lasts}"),
        (Some(clients), _) => format!("{clients} clients {lasts}"),
        (None, ramp) => {
            let ramp = ramp.map_or_else(String::new, |ramp| format!(" after a ramp of {ramp:?}"));
            format!("{} a second {lasts}{ramp}", load.rate.unwrap_or(RATE_PER_S))
        }
    }
}

/// What goes over the wire, before its blanks are filled.
struct Sent<'s> {
    method: &'s str,
    path: &'s str,
    headers: &'s [(String, String)],
    body: Vec<u8>,
}

impl Sent<'_> {
    /// Everything that blanks may stand in.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let headers = self.headers.iter().map(|(_, value)| value.as_str());
        [self.path].into_iter().chain(headers).chain(str::from_utf8(&self.body))
    }

    fn draws(&self) -> bool {
        self.texts().any(|text| text.contains("${draw:"))
    }

    fn requests(self, seed: u64) -> Result<Requests, Failure> {
        if !self.texts().any(|text| text.contains("${")) {
            let headers: Vec<_> = self.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
            return Ok(Requests::always(Request::new(self.method, self.path, &headers, &self.body)?));
        }
        let body = String::from_utf8(self.body).map_err(|_| {
            Failure::usage("the body is no text, and blanks in URL and headers are filled beside text only")
                .hint("take ${…} out of URL and headers, or write it as %24%7B…%7D")
        })?;
        let (method, path) = (self.method.to_string(), self.path.to_string());
        let template = Template { method, path, headers: self.headers.to_vec(), body };
        Ok(Requests::mix(Mix::new(seed, vec![(1, template)])?))
    }
}

fn read_body(load: &Load) -> Result<Option<Vec<u8>>, Failure> {
    match (&load.data, &load.body) {
        (Some(text), _) => Ok(Some(text.clone().into_bytes())),
        (None, Some(path)) if path == Path::new("-") => {
            read_all(std::io::stdin().lock(), Path::new("standard input")).map(Some)
        }
        (None, Some(path)) => read_all(File::open(path).map_err(|e| Failure::io(path, &e))?, path).map(Some),
        (None, None) => Ok(None),
    }
}

fn read_all(from: impl Read, path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    from.take(BODY_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|e| Failure::io(path, &e))?;
    if bytes.len() as u64 > BODY_BYTES_MAX {
        let mib = BODY_BYTES_MAX / 1024 / 1024;
        return Err(Failure::usage(format!("{} holds more than {mib} MiB", path.display())));
    }
    Ok(bytes)
}
