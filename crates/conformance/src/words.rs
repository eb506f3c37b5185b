//! Values and the validator's errors in words that a learner understands.

use jsonschema::error::{TypeKind, ValidationError, ValidationErrorKind as Kind};
use serde_json::Value;

/// Longest quotation, in characters.
const MAX_QUOTE: usize = 60;

/// `text`, cut where it gets long.
pub(crate) fn clip(text: &str) -> String {
    match text.char_indices().nth(MAX_QUOTE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// `%2F` and the like resolved; what is no UTF-8 then becomes U+FFFD.
pub(crate) fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let decoded = hex.filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match decoded.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(decoded) if byte == b'%' => {
                bytes.push(decoded);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(byte);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether a value is nested no deeper than `levels`.
pub(crate) fn is_shallow(value: &Value, levels: usize) -> bool {
    match value {
        Value::Array(items) => levels > 0 && items.iter().all(|item| is_shallow(item, levels - 1)),
        Value::Object(map) => levels > 0 && map.values().all(|item| is_shallow(item, levels - 1)),
        _ => true,
    }
}

/// The JSON type of a value, with its article.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a number",
        Value::Number(_) => "an integer",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A value as it is shown: itself when it is short, its type and size when not.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Array(items) if !items.is_empty() => format!("a list of {}", items.len()),
        Value::Object(map) if !map.is_empty() => {
            let names: Vec<&str> = map.keys().take(8).map(String::as_str).collect();
            clip(&format!("an object with {}", names.join(", ")))
        }
        Value::Null => "null".to_owned(),
        Value::Number(_) | Value::Bool(_) => clip(&value.to_string()),
        // Cut before it is quoted: the value may be long.
        Value::String(text) => format!("\"{}\"", clip(text).escape_debug()),
        _ => value.to_string(),
    }
}

/// What a type of JSON Schema is called.
pub(crate) fn type_name(name: &str) -> &'static str {
    match name {
        "array" => "a list",
        "boolean" => "a boolean",
        "integer" => "an integer",
        "null" => "null",
        "number" => "a number",
        "object" => "an object",
        _ => "a string",
    }
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(one) => type_name(one.as_str()).to_owned(),
        TypeKind::Multiple(set) => {
            let names: Vec<_> = set.iter().map(|one| type_name(one.as_str())).collect();
            names.join(" or ")
        }
    }
}

/// What the schema expects, and what was there instead.
pub(crate) fn explain(error: &ValidationError<'_>) -> (String, String) {
    let value = error.instance();
    let expected = match error.kind() {
        Kind::Type { kind: wanted } => {
            let (shown, kind) = (shown(value), kind(value));
            let got = if shown.starts_with(kind) { shown } else { format!("{shown} ({kind})") };
            return (types(wanted), got);
        }
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            return (format!("a member `{}`", clip(name)), format!("{} without it", shown(value)));
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            let names: Vec<String> =
                unexpected.iter().take(5).map(|name| format!("`{}`", clip(name))).collect();
            return ("no other members".to_owned(), format!("also {}", names.join(", ")));
        }
        Kind::Enum { options } => {
            let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
            let names: Vec<String> = options.iter().take(8).map(shown).collect();
            let more = if options.len() > 8 { ", …" } else { "" };
            format!("one of {}{more}", names.join(", "))
        }
        Kind::AnyOf { context } => branches("at least one", context),
        Kind::OneOfNotValid { context } => branches("one", context),
        Kind::OneOfMultipleValid { .. } => "exactly one alternative of oneOf (it fits several)".to_owned(),
        Kind::PropertyNames { error } => format!("names that are {}", explain(error).0),
        other => limit(other),
    };
    (expected, shown(value))
}

fn limit(kind: &Kind) -> String {
    match kind {
        Kind::Constant { expected_value } => shown(expected_value),
        Kind::Minimum { limit } => format!("at least {limit}"),
        Kind::Maximum { limit } => format!("at most {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("more than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("less than {limit}"),
        Kind::MinLength { limit } => format!("at least {limit} characters"),
        Kind::MaxLength { limit } => format!("at most {limit} characters"),
        Kind::MinItems { limit } => format!("at least {limit} items"),
        Kind::MaxItems { limit } => format!("at most {limit} items"),
        Kind::AdditionalItems { limit } => format!("at most {limit} items"),
        Kind::MinProperties { limit } => format!("at least {limit} members"),
        Kind::MaxProperties { limit } => format!("at most {limit} members"),
        Kind::MultipleOf { multiple_of } => format!("a multiple of {multiple_of}"),
        Kind::Pattern { pattern } => format!("text that matches {}", clip(pattern)),
        Kind::Format { format } => format!("a {}", clip(format)),
        Kind::UniqueItems => "items that all differ".to_owned(),
        Kind::Contains => "an item that fits `contains`".to_owned(),
        Kind::FalseSchema => "nothing here".to_owned(),
        Kind::Not { .. } => "a value that does not fit the schema under `not`".to_owned(),
        Kind::UnevaluatedItems { .. } => "no other items".to_owned(),
        Kind::BacktrackLimitExceeded { .. } => "a pattern that can be matched in reasonable time".to_owned(),
        other => format!("a value that fits `{}`", other.keyword()),
    }
}

/// The alternatives, and what the nearest of them lacks.
fn branches(how_many: &str, context: &[Vec<ValidationError<'static>>]) -> String {
    let all = format!("{how_many} of {} alternatives", context.len());
    let nearest = context.iter().min_by_key(|errors| {
        let wrong_type = errors.iter().any(|error| {
            matches!(error.kind(), Kind::Type { .. }) && error.instance_path().as_str().is_empty()
        });
        (wrong_type, errors.len())
    });
    match nearest.and_then(|errors| errors.first()) {
        Some(error) if !matches!(error.kind(), Kind::AnyOf { .. } | Kind::OneOfNotValid { .. }) => {
            let (expected, _) = explain(error);
            let path = error.instance_path().as_str();
            let at = if path.is_empty() { String::new() } else { format!(" at {}", clip(path)) };
            format!("{all} (the nearest wants {expected}{at})")
        }
        _ => all,
    }
}
