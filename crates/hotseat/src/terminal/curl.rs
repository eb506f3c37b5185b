//! A request as a command that sends it again.

use std::path::Path;

use judge::history::Request;

/// A longer body is not typed, it is read from the evidence.
const BODY_BYTES_MAX: usize = 2_000;

/// Lines to paste into a POSIX shell; the service's port stands in `PORT`.
pub(crate) fn lines(request: &Request, evidence: &Path) -> Vec<String> {
    let mut first = vec!["curl -i".to_owned()];
    match &*request.method {
        "GET" => {}
        // curl would wait for the body that a HEAD never gets.
        "HEAD" => first.push("--head".into()),
        method => first.push(format!("-X {}", quoted(method))),
    }
    if request.path.contains(['[', ']', '{', '}']) {
        first.push("--globoff".into());
    }
    if request.path.contains("/.") {
        first.push("--path-as-is".into());
    }
    first.push(format!("\"http://127.0.0.1:$PORT\"{}", quoted(&request.path)));
    let mut parts = vec![first.join(" ")];
    for (name, value) in &request.headers {
        let header = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
        parts.push(format!("  -H {}", quoted(&header)));
    }
    if let Some(body) = &request.body {
        if !request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            parts.push("  -H 'content-type:'".into());
        }
        match can_be_typed(body) {
            // `--data` would read a file if the body began with `@`.
            true => parts.push(format!("  --data-raw {}", quoted(body))),
            false => {
                let sql = format!("SELECT body FROM exchanges WHERE exchange = {}", request.exchange);
                let evidence = quoted(&evidence.display().to_string());
                parts.insert(0, format!("sqlite3 {evidence} {} |", quoted(&sql)));
                parts.push("  --data-binary @-".into());
            }
        }
    }
    let last = parts.len() - 1;
    parts.iter().enumerate().map(|(at, it)| if at < last { format!("{it} \\") } else { it.clone() }).collect()
}

fn can_be_typed(body: &str) -> bool {
    body.len() <= BODY_BYTES_MAX && !body.contains(char::is_control)
}

/// One word of a POSIX shell. A NUL has none.
pub(crate) fn quoted(text: &str) -> String {
    let plain = |it: char| it.is_ascii_alphanumeric() || "-_./:=,@%+".contains(it);
    match !text.is_empty() && text.chars().all(plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    fn printed(word: &str) -> String {
        let script = format!("printf %s {word}");
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        assert!(output.status.success(), "{script:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn a_shell_reads_what_was_meant(text in "[^\0]{0,40}|['\"\\\\$`!~#;&|<>(){}*?\\[\\] \t\n-]{0,12}") {
            prop_assert_eq!(printed(&quoted(&text)), text);
        }
    }

    fn request(headers: &[(&str, &str)], body: Option<&str>) -> Request {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Request {
            exchange: 7,
            method: "POST".into(),
            path: "/v1/payments".into(),
            headers: headers.iter().map(pair).collect(),
            body: body.map(str::to_owned),
        }
    }

    #[test]
    fn a_request_is_a_command() {
        let it = request(&[("content-type", "application/json")], Some(r#"{"card": "it's"}"#));
        let wanted = [
            r#"curl -i -X POST "http://127.0.0.1:$PORT"/v1/payments \"#,
            r"  -H 'content-type: application/json' \",
            r#"  --data-raw '{"card": "it'\''s"}'"#,
        ];
        assert_eq!(lines(&it, Path::new("e.sqlite")), wanted);
    }

    #[test]
    fn a_body_that_nobody_can_type_comes_from_the_evidence() {
        for body in [&*"x".repeat(3_000), "\u{1b}[2J"] {
            let lines = lines(&request(&[], Some(body)), Path::new("a run/e.sqlite"));
            assert!(lines[0].starts_with("sqlite3 'a run/e.sqlite' 'SELECT body FROM"), "{lines:?}");
            assert!(lines.concat().len() < 400 && !lines.concat().contains(char::is_control));
        }
    }
}
