//! The small Markdown that a text may hold: `**strong**`, `*emphasis*`, `` `code` `` and `[links](to)`.
//!
//! Whatever is not clearly one of these is text, backslashes included: `SELECT *`, `2 * 3`, `a**b`, `[draft]`.

/// A piece of text in one manner.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Run {
    /// What is read.
    pub text: String,
    /// It was between `**`.
    pub strong: bool,
    /// It was between `*`.
    pub emphasis: bool,
    /// It was between backticks.
    pub code: bool,
    /// Where a link leads, as it was written.
    pub url: Option<String>,
}

/// Takes a text apart. The texts of all runs together are the text without its marks.
#[must_use]
pub fn runs(source: &str) -> Vec<Run> {
    let mut found = Vec::new();
    Reader { found: &mut found, manner: Run::default() }.read(source);
    found
}

struct Reader<'a> {
    found: &'a mut Vec<Run>,
    manner: Run,
}

impl Reader<'_> {
    fn read(&mut self, source: &str) {
        let mut plain_from = 0;
        let mut at = 0;
        // Once a mark has no end there is none further on either: without this, many openings take for ever.
        let mut endless = [false; 4];
        while let Some(offset) = source[at..].find(['*', '`', '[']) {
            at += offset;
            let mark = Mark::at(&source[at..]);
            if endless[mark as usize] || !self.may_open(mark, source, at) {
                at += mark.length();
                continue;
            }
            let Some(span) = mark.span(source, at) else {
                endless[mark as usize] = !matches!(mark, Mark::Link);
                at += mark.length();
                continue;
            };
            self.push(&source[plain_from..at]);
            self.push_marked(mark, &span);
            at = span.end;
            plain_from = at;
        }
        self.push(&source[plain_from..]);
    }

    fn may_open(&self, mark: Mark, source: &str, at: usize) -> bool {
        match mark {
            Mark::Strong => !self.manner.strong && opens(source, at, 2),
            Mark::Emphasis => !self.manner.emphasis && opens(source, at, 1),
            Mark::Link => self.manner.url.is_none(),
            Mark::Code => true,
        }
    }

    fn push(&mut self, text: &str) {
        if !text.is_empty() {
            self.found.push(Run { text: text.to_owned(), ..self.manner.clone() });
        }
    }

    fn push_marked(&mut self, mark: Mark, span: &Span<'_>) {
        let mut manner = self.manner.clone();
        match mark {
            Mark::Code => {
                self.found.push(Run { text: span.inside.to_owned(), code: true, ..manner });
                return;
            }
            Mark::Strong => manner.strong = true,
            Mark::Emphasis => manner.emphasis = true,
            Mark::Link => manner.url = Some(span.url.to_owned()),
        }
        Reader { found: self.found, manner }.read(span.inside);
    }
}

#[derive(Clone, Copy)]
enum Mark {
    Strong,
    Emphasis,
    Code,
    Link,
}

struct Span<'a> {
    inside: &'a str,
    url: &'a str,
    end: usize,
}

impl Mark {
    fn at(rest: &str) -> Mark {
        match rest.as_bytes() {
            [b'*', b'*', ..] => Mark::Strong,
            [b'*', ..] => Mark::Emphasis,
            [b'`', ..] => Mark::Code,
            _ => Mark::Link,
        }
    }

    fn length(self) -> usize {
        match self {
            Mark::Strong => 2,
            _ => 1,
        }
    }

    fn span<'a>(self, source: &'a str, at: usize) -> Option<Span<'a>> {
        let from = at + self.length();
        let to = match self {
            Mark::Strong => (from + 1..source.len()).find(|&to| closes(source, to, "**"))?,
            Mark::Emphasis => (from + 1..source.len()).find(|&to| closes(source, to, "*"))?,
            Mark::Code => from + source[from..].find('`').filter(|&length| length > 0)?,
            Mark::Link => return link(source, from),
        };
        Some(Span { inside: &source[from..to], url: "", end: to + self.length() })
    }
}

/// `[label](url)` from behind its first bracket on; the url may hold balanced brackets, but no space.
fn link(source: &str, from: usize) -> Option<Span<'_>> {
    const LINK_BYTES_MAX: usize = 2000;
    let near = source[from..].char_indices().take_while(|&(offset, _)| offset < LINK_BYTES_MAX);
    let mut label_end = None;
    let mut depth = 0;
    for (offset, c) in near {
        let at = from + offset;
        match (label_end, c) {
            (None, '[') => return None,
            (None, ']') if at == from || !source[at + 1..].starts_with('(') => return None,
            (None, ']') => label_end = Some(at),
            (Some(_), ')') if depth == 1 => {
                let label_end = label_end?;
                let url = &source[label_end + 2..at];
                let whole = Span { inside: &source[from..label_end], url, end: at + 1 };
                return (!url.is_empty()).then_some(whole);
            }
            (Some(_), ')') => depth -= 1,
            (Some(_), '(') => depth += 1,
            (Some(_), c) if c.is_whitespace() => return None,
            _ => {}
        }
    }
    None
}

/// A mark opens where a word begins.
fn opens(source: &str, at: usize, length: usize) -> bool {
    let before = source[..at].chars().next_back();
    let after = source[at + length..].chars().next();
    !before.is_some_and(|c| c.is_alphanumeric() || c == '*')
        && after.is_some_and(|c| !c.is_whitespace() && c != '*')
}

/// A mark closes where a word ends.
fn closes(source: &str, at: usize, mark: &str) -> bool {
    if !source.is_char_boundary(at) || !source[at..].starts_with(mark) {
        return false;
    }
    let before = source[..at].chars().next_back();
    let after = source[at + mark.len()..].chars().next();
    before.is_some_and(|c| !c.is_whitespace() && (c != '*' || mark == "**"))
        && !after.is_some_and(|c| c.is_alphanumeric() || c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(source: &str) -> String {
        let run = |run: Run| {
            let mut marks = String::new();
            for (is, mark) in
                [(run.strong, "s"), (run.emphasis, "e"), (run.code, "c"), (run.url.is_some(), "l")]
            {
                marks.push_str(if is { mark } else { "" });
            }
            format!("{marks}<{}>", run.text)
        };
        runs(source).into_iter().map(run).collect()
    }

    #[test]
    fn marks_are_read() {
        assert_eq!(told("cut **p99** by *half* in `psql`"), "<cut >s<p99>< by >e<half>< in >c<psql>");
        assert_eq!(told("**a *b* c**"), "s<a >se<b>s< c>");
        assert_eq!(told("***both***"), "<***both***>");
        assert_eq!(told("see [the **talk**](https://a.example/x_(y))."), "<see >l<the >sl<talk><.>");
        assert_eq!(told("`**raw** [x](y)`"), "c<**raw** [x](y)>");
        assert_eq!(told("(*x*), **y**!"), "<(>e<x><), >s<y><!>");
    }

    #[test]
    fn what_is_no_mark_is_text() {
        for text in
            ["SELECT * FROM t WHERE a * b", "a**b**c", "2*3*4", "**open", "*open", "`open", "``", "[draft]"]
        {
            assert_eq!(told(text), format!("<{text}>"), "{text}");
        }
        for text in ["[x]()", "[](u)", "[x](a b)", "[x] (u)", "\\*", "** a **", "****", "[a[b](c", "*", "["] {
            assert_eq!(runs(text).into_iter().map(|run| run.text).collect::<String>(), text);
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_but_marks_goes(text in "[a-zé0-9 *`\\[\\]()\\\\.]{0,80}") {
            let read: String = runs(&text).into_iter().map(|run| run.text + &run.url.unwrap_or_default()).collect();
            let kept = |text: &str| text.chars().filter(|c| !"*`[]()".contains(*c)).collect::<String>();
            assert_eq!(kept(&read), kept(&text));
        }
    }

    #[test]
    fn openings_without_end_are_read_once() {
        for mark in ["*a ", "**a ", "`", "[", "[a](", "[a](("] {
            let text = mark.repeat(5_001);
            let read: usize = runs(&text).iter().map(|run| run.text.len()).sum();
            assert!(read >= text.len() / 2, "{mark}");
        }
    }
}
