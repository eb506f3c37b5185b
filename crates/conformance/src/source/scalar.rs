//! What a plain YAML scalar means: the core schema of YAML 1.2.

use serde_json::{Number, Value};

/// The value of an unquoted scalar, or why JSON has none for it.
pub(crate) fn plain(text: &str) -> Result<Value, String> {
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => return number(text).map(|number| number.unwrap_or_else(|| Value::String(text.to_owned()))),
    })
}

fn number(text: &str) -> Result<Option<Value>, String> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(digits, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Err(format!("`{text}` is no number that JSON knows"));
    }
    let based =
        |prefix, radix| text.strip_prefix(prefix).and_then(|rest| u64::from_str_radix(rest, radix).ok());
    if let Some(value) = based("0x", 16).or_else(|| based("0o", 8)) {
        return Ok(Some(value.into()));
    }
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let unsigned = text.strip_prefix('+').unwrap_or(text);
        if let Ok(value) = unsigned.parse::<i64>() {
            return Ok(Some(value.into()));
        }
        if let Ok(value) = unsigned.parse::<u64>() {
            return Ok(Some(value.into()));
        }
    }
    if !float(digits) {
        return Ok(None);
    }
    match text.parse().ok().and_then(Number::from_f64) {
        Some(value) => Ok(Some(Value::Number(value))),
        None => Err(format!("`{}` is too large for a number", crate::words::clip(text))),
    }
}

/// `1`, `1.`, `.5`, `1.5e-3`, without a sign.
fn float(digits: &str) -> bool {
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mantissa_fits =
        all_digits(whole) && all_digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    let exponent_fits = exponent.is_none_or(|text| {
        let text = text.strip_prefix(['-', '+']).unwrap_or(text);
        !text.is_empty() && all_digits(text)
    });
    mantissa_fits && exponent_fits
}
