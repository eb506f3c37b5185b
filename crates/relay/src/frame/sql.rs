//! The head of an SQL text as a name: without leading comments, with single spaces.

use std::sync::Arc;

use crate::message::{TEXT_BYTES_MAX, first_word};

/// The first words of a statement, at most `TEXT_BYTES_MAX` bytes; its first word in (ASCII) capitals.
pub(super) fn head(sql: &[u8]) -> Arc<str> {
    let sql = without_leading_comments(sql);
    // Twice the length leaves room for white space that is taken out.
    let sql = String::from_utf8_lossy(&sql[..sql.len().min(2 * TEXT_BYTES_MAX)]);
    let mut text = String::with_capacity(sql.len().min(TEXT_BYTES_MAX));
    for word in sql.split_ascii_whitespace() {
        let room = TEXT_BYTES_MAX.saturating_sub(text.len() + 1);
        if room == 0 {
            break;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&word[..word.floor_char_boundary(room)]);
    }
    let length = first_word(&text).len();
    text[..length].make_ascii_uppercase();
    text.into()
}

fn without_leading_comments(mut sql: &[u8]) -> &[u8] {
    loop {
        sql = sql.trim_ascii_start();
        let length = match sql {
            [b'-', b'-', ..] => sql.iter().position(|byte| *byte == b'\n'),
            [b'/', b'*', ..] => comment_length(sql),
            _ => return sql,
        };
        // A comment that does not end here leaves no name.
        sql = &sql[length.unwrap_or(sql.len())..];
    }
}

/// PostgreSQL's comments nest.
fn comment_length(sql: &[u8]) -> Option<usize> {
    let (mut depth, mut at) = (0, 0);
    while at + 1 < sql.len() {
        match [sql[at], sql[at + 1]] {
            [b'/', b'*'] => depth += 1,
            [b'*', b'/'] => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_named_by_its_first_words() {
        assert_eq!(&*head(b"commit"), "COMMIT");
        assert_eq!(&*head(b"  insert\n  into payment(id)\tvalues (1)"), "INSERT into payment(id) values (1)");
        assert_eq!(&*head(b"-- a line\n/* one /* in */ two */ select 1"), "SELECT 1");
        assert_eq!(&*head(b"/* without end"), "");
        assert_eq!(&*head(b"-- without end"), "");
        assert_eq!(&*head(b""), "");
        assert_eq!(&*head("\u{e9}toile \u{20ac}".as_bytes()), "\u{e9}TOILE \u{20ac}");
    }

    #[test]
    fn a_long_statement_is_cut_between_characters() {
        let long = "\u{20ac}".repeat(1_000);
        assert!(head(long.as_bytes()).len() <= TEXT_BYTES_MAX);
        let words = "select ".repeat(1_000);
        assert!(head(words.as_bytes()).len() <= TEXT_BYTES_MAX);
    }
}
