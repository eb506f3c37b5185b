//! Options of a load that are more than a word: rates, durations, headers.

use std::time::Duration;

/// Requests a second; what is higher is no rate but a mistake.
const RATE_MAX: f64 = 10_000_000.0;
const DURATION_MAX: Duration = Duration::from_secs(24 * 3600);

/// `500` or `0.5`.
pub(super) fn rate(text: &str) -> Result<f64, String> {
    let rate: Option<f64> = text.parse().ok();
    rate.filter(|rate| *rate > 0.0 && *rate <= RATE_MAX)
        .ok_or_else(|| format!("requests a second are a number above 0, and at most {RATE_MAX}"))
}

/// `500ms`, `10s`, `1.5m`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let seconds = match &text[number.len()..] {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return Err("write a number and its unit, such as 500ms, 10s or 2m".to_string()),
    };
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number = number.parse::<f64>().ok().filter(|_| plain);
    number
        .and_then(|number| Duration::try_from_secs_f64(number * seconds).ok())
        .filter(|duration| *duration >= Duration::from_millis(1) && *duration <= DURATION_MAX)
        .ok_or_else(|| "it lies between 1ms and 24h, such as 500ms, 10s or 2m".to_string())
}

/// `Name: value`.
pub(super) fn header(text: &str) -> Result<(String, String), String> {
    match text.split_once(':') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_string(), value.trim().to_string()))
        }
        _ => Err("write it like 'Accept: application/json'".to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit() {
        for (text, ms) in
            [("500ms", 500), ("10s", 10_000), ("2m", 120_000), ("0.5s", 500), ("24h", 86_400_000)]
        {
            assert_eq!(duration(text), Ok(Duration::from_millis(ms)), "{text}");
        }
        for text in [
            "", "10", "s", "-1s", "+1s", "1e3s", "infs", "nans", "NaN", "0s", "0.1ms", "25h", "10 s", "1s2m",
            "１s", "1d", "9e99h",
        ] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn rates_are_positive_numbers() {
        assert_eq!((rate("500"), rate("0.5")), (Ok(500.0), Ok(0.5)));
        for text in ["0", "-1", "nan", "inf", "1e9", "many", ""] {
            assert!(rate(text).is_err(), "{text}");
        }
    }

    #[test]
    fn headers_are_names_and_values() {
        let pair = |name: &str, value: &str| Ok((name.to_string(), value.to_string()));
        assert_eq!(header("X-Time: 12:30"), pair("X-Time", "12:30"));
        assert_eq!(header("X-Empty:"), pair("X-Empty", ""));
        assert!(header("no colon").is_err() && header(": x").is_err());
    }
}
