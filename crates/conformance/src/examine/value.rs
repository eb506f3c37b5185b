//! JSON bodies, and text that stands for JSON values in headers, queries and paths.

use jsonschema::{ValidationError, Validator, error::ValidationErrorKind as Kind};
use serde_json::Value;

/// A body as JSON, or why it is none.
pub(super) fn json(body: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(body).map_err(|error| {
        let shown = crate::words::clip(&String::from_utf8_lossy(&body[..body.len().min(240)]));
        format!("{shown:?} ({error})")
    })
}

/// Text that fits none of the readings that its schema allows.
pub(super) struct Misfit {
    pub(super) expected: String,
    pub(super) got: String,
    /// Author and service may differ about it in good faith.
    pub(super) is_ambiguous: bool,
}

/// Why text fits its schema in no reading: as text, as a number or boolean, as a list. None when it fits.
pub(super) fn misfit(validator: &Validator, texts: &[&str]) -> Option<Misfit> {
    let readings = readings(texts);
    if readings.iter().any(|reading| validator.is_valid(reading)) {
        return None;
    }
    // The closest reading is the one whose type is right.
    let mut closest: Option<(bool, Misfit)> = None;
    for reading in &readings {
        let error = validator.iter_errors(reading).next()?;
        let is_type = matches!(error.kind(), Kind::Type { .. });
        if is_type && wants_object(&error) {
            return None;
        }
        let is_closer = closest.as_ref().is_none_or(|(was_type, _)| *was_type && !is_type);
        if is_closer {
            let (expected, got) = crate::words::explain(&error);
            closest = Some((is_type, Misfit { expected, got, is_ambiguous: is_ambiguous(&error) }));
        }
    }
    closest.map(|(_, misfit)| misfit)
}

/// Objects have several spellings in headers and queries; they are not examined.
fn wants_object(error: &ValidationError<'_>) -> bool {
    crate::words::explain(error).0.contains("an object")
}

fn readings(texts: &[&str]) -> Vec<Value> {
    let scalar = |text: &str| match serde_json::from_str(text) {
        Ok(value @ (Value::Number(_) | Value::Bool(_))) => value,
        _ => Value::String(text.to_owned()),
    };
    let text = |text: &str| Value::String(text.to_owned());
    // A name that came twice may be a list, or may count once.
    let mut readings: Vec<Value> = texts.iter().flat_map(|one| [text(one), scalar(one)]).collect();
    if let [one] = texts {
        let parts = || one.split(',').map(str::trim);
        readings.push(parts().map(scalar).collect());
        readings.push(parts().map(text).collect());
    } else {
        readings.push(texts.iter().map(|one| scalar(one)).collect());
        readings.push(texts.iter().map(|one| text(one)).collect());
    }
    readings
}

/// Errors about which author and service may differ in good faith.
pub(super) fn is_ambiguous(error: &ValidationError<'_>) -> bool {
    match error.kind() {
        Kind::Format { .. }
        | Kind::ContentEncoding { .. }
        | Kind::ContentMediaType { .. }
        | Kind::BacktrackLimitExceeded { .. }
        | Kind::RegexEngineFailure { .. }
        | Kind::OneOfMultipleValid { .. }
        | Kind::Not { .. } => true,
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            context.iter().any(|errors| errors.iter().all(is_ambiguous))
        }
        _ => false,
    }
}
