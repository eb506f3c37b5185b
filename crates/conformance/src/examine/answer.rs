//! The answer: status, headers, media type, body.

use super::{Aim, Exchange, Findings, header, value};
use crate::{
    media::MediaRange,
    model::{Answer, Content, Status},
    reader::Direction,
    schema::Compiled,
    words::{clip, explain, is_shallow},
};

/// Most errors that are named in one body.
const MAX_ERRORS: usize = 10;

pub(super) fn examine(compiled: &Compiled, aim: &Aim<'_>, exchange: &Exchange, findings: &mut Findings) {
    let is_bodiless = exchange.method == "HEAD" || Status::Exact(exchange.status).is_bodiless();
    if is_bodiless && !exchange.response_body.is_empty() {
        let got = format!("{} bytes", exchange.response_body.len());
        findings.note("body-unexpected", "response body", "none: HTTP allows no body here", got);
    }
    let Some(answer) = aim.operation.answer(exchange.status) else {
        let known: Vec<String> = aim.operation.answers.iter().map(|answer| name(answer.status)).collect();
        let expected =
            format!("one of {}, as the document has it for {}", known.join(", "), clip(&aim.operation.name));
        findings.note("status-unknown", "status", expected, exchange.status.to_string());
        return;
    };
    headers(compiled, answer, exchange, findings);
    if !is_bodiless {
        body(compiled, answer, exchange, findings);
    }
}

fn name(status: Status) -> String {
    match status {
        Status::Exact(code) => code.to_string(),
        Status::Range(hundreds) => format!("{hundreds}XX"),
        Status::Default => "default".to_owned(),
    }
}

fn headers(compiled: &Compiled, answer: &Answer, exchange: &Exchange, findings: &mut Findings) {
    for promised in &answer.headers {
        let place = format!("response header {}", clip(&promised.name));
        let Some(text) = header(&exchange.response_headers, &promised.name) else {
            if promised.required {
                findings.note("header-missing", &place, "the header", "an answer without it");
            }
            continue;
        };
        let validator = promised.schema.and_then(|id| compiled.get(id, Direction::Answer));
        let misfit =
            validator.filter(|_| promised.plain).and_then(|validator| value::misfit(validator, &[text]));
        if let Some(misfit) = misfit {
            findings.note("header-schema", &place, misfit.expected, misfit.got);
        }
    }
}

fn body(compiled: &Compiled, answer: &Answer, exchange: &Exchange, findings: &mut Findings) {
    let sent = header(&exchange.response_headers, "content-type");
    let is_empty = exchange.response_body.is_empty();
    let known: Vec<String> = answer.contents.iter().map(|content| content.media.to_string()).collect();
    let expected = match known.as_slice() {
        [] => "no body, as the document describes none for this status".to_owned(),
        _ => known.join(" or "),
    };
    let Some(text) = sent else {
        match (is_empty, known.is_empty()) {
            (true, true) => {}
            (true, false) => findings.note("body-missing", "response body", expected, "no body"),
            (false, true) => {
                let got = format!("{} bytes", exchange.response_body.len());
                findings.note("content-type-unknown", "response body", expected, got);
            }
            (false, false) => {
                findings.note(
                    "content-type-missing",
                    "response header Content-Type",
                    expected,
                    "an answer without it",
                );
            }
        }
        return;
    };
    if is_empty && known.is_empty() {
        return;
    }
    let media = MediaRange::read(text);
    let described = media.as_ref().and_then(|media| choose(&answer.contents, media));
    let (Some(media), Some(content)) = (media, described) else {
        findings.note("content-type-unknown", "response header Content-Type", expected, clip(text));
        return;
    };
    if media.is_json() {
        json(compiled, content, exchange, findings);
    } else if is_empty && content.schema.is_some() {
        findings.note("body-missing", "response body", expected, "no body");
    }
}

/// The description that names the media type most exactly.
pub(super) fn choose<'c>(contents: &'c [Content], media: &MediaRange) -> Option<&'c Content> {
    let fits = contents.iter().filter_map(|content| content.media.fit(media).map(|fit| (fit, content)));
    fits.max_by_key(|(fit, _)| *fit).map(|(_, content)| content)
}

fn json(compiled: &Compiled, content: &Content, exchange: &Exchange, findings: &mut Findings) {
    let parsed = match value::json(&exchange.response_body) {
        Ok(parsed) => parsed,
        Err(got) => {
            findings.note("body-not-json", "response body", "JSON, as the Content-Type says", got);
            return;
        }
    };
    if !is_shallow(&parsed, compiled.max_depth) {
        let expected = format!("at most {} levels of nesting", compiled.max_depth);
        findings.note("body-schema", "response body", expected, "more");
        return;
    }
    let Some(validator) = content.schema.and_then(|id| compiled.get(id, Direction::Answer)) else { return };
    if validator.is_valid(&parsed) {
        return;
    }
    for error in validator.iter_errors(&parsed).take(MAX_ERRORS) {
        let (expected, got) = explain(&error);
        let place = format!("response body {}", clip(error.instance_path().as_str()));
        findings.note("body-schema", place.trim_end(), expected, got);
    }
}
