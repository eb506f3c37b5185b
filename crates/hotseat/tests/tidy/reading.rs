//! Reading Rust, Markdown and licences just well enough for the rules.

use std::collections::BTreeSet;

use crate::LONG_BECAUSE;

pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// Where `word` stands by itself: `print!` is not found in `eprint!`.
pub(crate) fn words(text: &str, word: &str) -> Vec<usize> {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let (first, last) = (word.chars().next(), word.chars().last());
    text.match_indices(word)
        .map(|(at, _)| at)
        .filter(|&at| !(part(first) && part(text[..at].chars().next_back())))
        .filter(|&at| !(part(last) && part(text[at + word.len()..].chars().next())))
        .collect()
}

/// Comments, strings and characters become spaces; lines and offsets stay.
pub(crate) fn code_only(text: &str) -> String {
    let mut code = text.as_bytes().to_vec();
    let mut at = 0;
    while at < code.len() {
        let Some(length) = text.is_char_boundary(at).then(|| blank_length(&text[at..])).flatten() else {
            at += 1;
            continue;
        };
        code[at..at + length].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
        at += length;
    }
    String::from_utf8(code).expect("whole characters were replaced")
}

/// How long the comment, string or character is that starts here, if one does.
fn blank_length(rest: &str) -> Option<usize> {
    let until =
        |from: usize, end: &str| rest[from..].find(end).map_or(rest.len(), |found| from + found + end.len());
    let hashes = rest.strip_prefix('r').map_or(0, |raw| raw.len() - raw.trim_start_matches('#').len());
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    } else if rest.starts_with("/*") {
        return Some(until(2, "*/"));
    } else if rest.starts_with('r') && rest[1 + hashes..].starts_with('"') {
        return Some(until(2 + hashes, &format!("\"{}", "#".repeat(hashes))));
    } else if rest.starts_with("'\\") {
        return Some(until(3, "'"));
    } else if let Some(quoted) = rest.strip_prefix('\'') {
        let character = quoted.chars().next()?.len_utf8(); // a lifetime has no second quote
        return quoted[character..].starts_with('\'').then_some(character + 2);
    }
    let mut escaped = true; // the opening quote does not close
    let closes = |c: char| {
        let closes = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        closes
    };
    rest.starts_with('"').then(|| rest.find(closes).map_or(rest.len(), |end| end + 1))
}

/// The end of the item that starts here: its closing brace, or the semicolon of one without a body.
pub(crate) fn item_end(code: &str, from: usize) -> usize {
    let (mut braces, mut brackets) = (0, 0);
    for (at, byte) in code.bytes().enumerate().skip(from) {
        match byte {
            b'(' | b'[' => brackets += 1,
            b')' | b']' => brackets -= 1,
            b'{' => braces += 1,
            b'}' => braces -= 1,
            _ => {}
        }
        if byte == b'}' && braces <= 0 || byte == b';' && braces == 0 && brackets <= 0 {
            return at;
        }
    }
    code.len().saturating_sub(1)
}

/// The code with its `#[cfg(test)]` items blanked, and those items alone.
pub(crate) fn without_tests(code: &str) -> (String, String) {
    let blank = |text: &str| text.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect::<String>();
    let (mut production, mut tests, mut from) = (String::new(), String::new(), 0);
    for (at, _) in code.match_indices("#[cfg(test)]") {
        if at < from {
            continue; // inside an item that is for tests already
        }
        let end = item_end(code, at) + 1;
        production += &(code[from..at].to_owned() + &blank(&code[at..end]));
        tests += &(blank(&code[from..at]) + &code[at..end]);
        from = end;
    }
    (production + &code[from..], tests + &blank(&code[from..]))
}

pub(crate) fn excused_above(text: &str, line: usize) -> bool {
    let above: Vec<&str> = text.lines().take(line - 1).map(str::trim).collect();
    let belongs = |line: &&&str| line.starts_with("//") || line.starts_with("#[");
    above.iter().rev().take_while(belongs).any(|line| line.contains(LONG_BECAUSE))
}

// --- reading prose and licences ----------------------------------------------------------------------

/// The lines of a Markdown text with their numbers, without code and addresses.
pub(crate) fn prose(text: &str) -> Vec<(usize, String)> {
    let mut fenced = false;
    let lines = text.lines().enumerate().filter(|(_, line)| {
        // Code, and the front matter of a question, whose cues hold both spellings.
        let fence = line.trim_start().starts_with("```") || *line == "+++";
        fenced ^= fence;
        !(fenced || fence || line.starts_with("    "))
    });
    let readable = |line: &str| {
        let plain: String = line.split('`').step_by(2).collect::<Vec<_>>().join(" ");
        let words =
            plain.split("](").map(|part| part.split_once(')').map_or(part, |(_, after)| after).to_owned());
        words.collect::<Vec<_>>().join(" ")
    };
    lines.map(|(index, line)| (index + 1, readable(line))).collect()
}

/// Does the SPDX expression leave us a way that is allowed?
pub(crate) fn permitted(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.replace('/', " OR ");
    let expression = expression.trim();
    let alternatives = split_outside_brackets(expression, " OR ");
    if alternatives.len() > 1 {
        return alternatives.into_iter().any(|part| permitted(part, allowed));
    }
    let parts = split_outside_brackets(expression, " AND ");
    if parts.len() > 1 {
        return parts.into_iter().all(|part| permitted(part, allowed));
    }
    match expression.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => permitted(inner, allowed),
        None => allowed.contains(expression),
    }
}

fn split_outside_brackets<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    let (mut parts, mut from) = (Vec::new(), 0);
    for (at, _) in text.match_indices(separator) {
        if text[..at].matches('(').count() == text[..at].matches(')').count() {
            parts.push(&text[from..at]);
            from = at + separator.len();
        }
    }
    parts.push(&text[from..]);
    parts
}
