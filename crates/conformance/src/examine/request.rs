//! The request, where it was accepted: it must not contradict the document beyond doubt.

use super::{Aim, Exchange, Findings, answer::choose, header, value};
use crate::{
    media::MediaRange,
    model::{Body, Parameter, Place},
    reader::Direction,
    schema::Compiled,
    words::{clip, explain, is_shallow, percent_decoded},
};

/// Headers that OpenAPI describes elsewhere and ignores as parameters.
const ELSEWHERE: [&str; 3] = ["accept", "content-type", "authorization"];

pub(super) fn examine(compiled: &Compiled, aim: &Aim<'_>, exchange: &Exchange, findings: &mut Findings) {
    for parameter in &aim.operation.parameters {
        examine_parameter(compiled, aim, parameter, exchange, findings);
    }
    if let Some(body) = &aim.operation.body {
        examine_body(compiled, body, exchange, findings);
    }
}

fn examine_parameter(
    compiled: &Compiled,
    aim: &Aim<'_>,
    parameter: &Parameter,
    exchange: &Exchange,
    findings: &mut Findings,
) {
    let (kind, values) = match parameter.place {
        Place::Path => {
            ("path", of(aim.variables.iter().map(|(name, value)| (*name, value.clone())), &parameter.name))
        }
        Place::Query => ("query", of(query(&exchange.target), &parameter.name)),
        Place::Cookie => ("cookie", of(cookies(exchange), &parameter.name)),
        Place::Header if ELSEWHERE.iter().any(|name| parameter.name.eq_ignore_ascii_case(name)) => return,
        Place::Header => {
            let value = header(&exchange.request_headers, &parameter.name);
            ("header", value.map(str::to_owned).into_iter().collect())
        }
    };
    let place = format!("request {kind} {}", clip(&parameter.name));
    if values.is_empty() {
        if parameter.required {
            findings.note("accepted", &place, "a refusal, as it is required", "success without it");
        }
        return;
    }
    let Some(validator) = parameter.schema.and_then(|id| compiled.get(id, Direction::Request)) else {
        return;
    };
    let texts: Vec<&str> = values.iter().map(String::as_str).collect();
    if parameter.plain
        && !texts.contains(&"")
        && let Some(misfit) = value::misfit(validator, &texts)
        && !misfit.is_ambiguous
    {
        let value::Misfit { expected, got, .. } = misfit;
        findings.note(
            "accepted",
            &place,
            format!("a refusal, as only {expected} fits"),
            format!("success with {got}"),
        );
    }
}

fn of<'n>(pairs: impl Iterator<Item = (impl AsRef<str> + 'n, String)>, name: &str) -> Vec<String> {
    pairs.filter(|(key, _)| key.as_ref() == name).map(|(_, value)| value).collect()
}

fn query(target: &str) -> impl Iterator<Item = (String, String)> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let query = query.split('#').next().unwrap_or_default();
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decoded = |text: &str| percent_decoded(&text.replace('+', " "));
        (decoded(name), decoded(value))
    })
}

fn cookies(exchange: &Exchange) -> impl Iterator<Item = (String, String)> {
    let all = header(&exchange.request_headers, "cookie").unwrap_or_default();
    all.split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
}

fn examine_body(compiled: &Compiled, body: &Body, exchange: &Exchange, findings: &mut Findings) {
    let place = "request body";
    if exchange.request_body.is_empty() {
        if body.required {
            findings.note("accepted", place, "a refusal, as a body is required", "success without one");
        }
        return;
    }
    let Some(sent) = header(&exchange.request_headers, "content-type") else { return };
    let media = MediaRange::read(sent);
    let described = media.as_ref().and_then(|media| choose(&body.contents, media));
    let (Some(media), Some(content)) = (media, described) else {
        if !body.contents.is_empty() {
            let known: Vec<String> = body.contents.iter().map(|content| content.media.to_string()).collect();
            let expected = format!("a refusal, as only {} is described", known.join(", "));
            findings.note(
                "accepted",
                "request header Content-Type",
                expected,
                format!("success with {}", clip(sent)),
            );
        }
        return;
    };
    if !media.is_json() {
        return;
    }
    let parsed = match value::json(&exchange.request_body) {
        Ok(parsed) => parsed,
        Err(got) => {
            findings.note(
                "accepted",
                place,
                "a refusal, as the body is no JSON",
                format!("success with {got}"),
            );
            return;
        }
    };
    let Some(validator) = content.schema.and_then(|id| compiled.get(id, Direction::Request)) else { return };
    if !is_shallow(&parsed, compiled.max_depth) || validator.is_valid(&parsed) {
        return;
    }
    if let Some(error) = validator.iter_errors(&parsed).find(|error| !value::is_ambiguous(error)) {
        let (expected, got) = explain(&error);
        let place = format!("{place} {}", clip(error.instance_path().as_str()));
        let expected = format!("a refusal, as the document wants {expected}");
        findings.note("accepted", place.trim_end(), expected, format!("success with {got}"));
    }
}
