//! Which texts a trigger means: a case-insensitive beginning, content, or shape.

/// What the text of a message must look like. Upper and lower case (ASCII) are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// Every text, and a message that has none.
    Any,
    /// The text begins with these words. A last letter or digit must end a word: `SET` does not begin `SETEX`.
    Starts(String),
    /// These characters stand anywhere in the text.
    Contains(String),
    /// The whole text; `*` stands for any run of characters, as in `POST /v1/payments/*/capture`.
    Like(String),
}

impl Pattern {
    /// Texts that contain `part`.
    pub fn contains(part: impl Into<String>) -> Pattern {
        Pattern::Contains(part.into())
    }

    /// Texts of the shape `shape`, in which `*` stands for any run of characters.
    pub fn like(shape: impl Into<String>) -> Pattern {
        Pattern::Like(shape.into())
    }

    /// Whether a text is meant; `None` is a message without one.
    pub fn matches(&self, text: Option<&str>) -> bool {
        let text = text.map(str::as_bytes);
        match (self, text) {
            (Pattern::Any, _) => true,
            (_, None) => false,
            (Pattern::Starts(words), Some(text)) => starts(text, words.as_bytes()),
            (Pattern::Contains(part), Some(text)) => {
                part.is_empty() || text.windows(part.len()).any(|w| w.eq_ignore_ascii_case(part.as_bytes()))
            }
            (Pattern::Like(shape), Some(text)) => like(text, shape.as_bytes()),
        }
    }
}

impl From<&str> for Pattern {
    /// The words that a text must begin with.
    fn from(words: &str) -> Pattern {
        Pattern::Starts(words.to_owned())
    }
}

fn starts(text: &[u8], words: &[u8]) -> bool {
    let part_of_a_word = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    let Some((head, rest)) = text.split_at_checked(words.len()) else { return false };
    head.eq_ignore_ascii_case(words) && !(part_of_a_word(words.last()) && part_of_a_word(rest.first()))
}

/// Remembers the last `*` and how much it has taken; on a mismatch it takes one more.
fn like(text: &[u8], shape: &[u8]) -> bool {
    let (mut at, mut in_shape) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match shape.get(in_shape) {
            Some(b'*') => {
                star = Some((in_shape + 1, at));
                in_shape += 1;
            }
            Some(byte) if byte.eq_ignore_ascii_case(&text[at]) => {
                at += 1;
                in_shape += 1;
            }
            _ => {
                let Some((after_star, taken)) = star else { return false };
                star = Some((after_star, taken + 1));
                (in_shape, at) = (after_star, taken + 1);
            }
        }
    }
    shape[in_shape..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_ends_with_a_word() {
        let matches = |pattern: &str, text| Pattern::from(pattern).matches(Some(text));
        assert!(matches("commit", "COMMIT"));
        assert!(matches("COMMIT", "commit;"));
        assert!(matches("INSERT INTO payment", "INSERT INTO payment(id) VALUES (1)"));
        assert!(!matches("INSERT INTO payment", "INSERT INTO payment_log VALUES (1)"));
        assert!(!matches("SET", "SETEX k 1 v"));
        assert!(matches("SET cart:", "SET cart:17"));
        assert!(matches("POST /v1/payments", "POST /v1/payments/17"));
        assert!(!matches("COMMIT", "COMM"));
    }

    #[test]
    fn a_shape_is_the_whole_text() {
        let matches = |pattern: &str, text| Pattern::like(pattern).matches(Some(text));
        assert!(matches("POST /v1/payments/*/capture", "POST /v1/payments/17/capture"));
        assert!(!matches("POST /v1/payments/*/capture", "POST /v1/payments/17/refund"));
        assert!(!matches("POST /v1/payments", "POST /v1/payments/17"));
        assert!(matches("*aab", "aaaaab"));
        assert!(matches("5*", "503"));
        assert!(matches("*", ""));
    }

    #[test]
    fn a_message_without_text_is_only_anything() {
        assert!(Pattern::Any.matches(None));
        assert!(!Pattern::contains("").matches(None));
        assert!(Pattern::contains("into PAY").matches(Some("insert INTO payment")));
    }
}
