//! The one reading of the server's tokens that everything here shares. It never fails and loses
//! no character: joined, the tokens are the text.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// White space or a comment.
    Blank,
    /// A keyword, name or number.
    Word,
    /// A string, a quoted identifier or a dollar quote.
    Quoted,
    /// `:name`
    Variable,
    /// `:'name'`
    QuotedVariable,
    /// A backslash and the word after it.
    Command,
    /// Anything else: one character, or a run of colons.
    Symbol,
    /// A quote or comment that runs to the end of the text; this is what it is called.
    Unterminated(&'static str),
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
    pub(crate) start: usize,
    pub(crate) line: usize,
}

impl Token<'_> {
    /// Of a variable, its name.
    pub(crate) fn name(&self) -> &str {
        self.text.trim_matches([':', '\''])
    }
}

pub(crate) struct Lexer<'a> {
    source: &'a str,
    at: usize,
    line: usize,
    brackets: usize,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(source: &'a str) -> Self {
        Self { source, at: 0, line: 1, brackets: 0 }
    }

    /// The rest of the line up to a comment, as the arguments of a meta-command.
    pub(crate) fn arguments(&mut self) -> &'a str {
        let line = self.source[self.at..].split('\n').next();
        let line = line.unwrap_or_default();
        let comment = [line.find("--"), line.find("/*")];
        let end = comment.into_iter().flatten().min().unwrap_or(line.len());
        self.at += end;
        &line[..end]
    }

    fn measure(&self, rest: &str, first: char) -> (Kind, usize) {
        if let Some(quoted) = quoted(rest) {
            return quoted;
        }
        match first {
            c if is_space(c) => (Kind::Blank, run(rest, is_space)),
            '-' if rest.starts_with("--") => {
                let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
                (Kind::Blank, end)
            }
            '/' if rest.starts_with("/*") => block_comment(rest),
            '$' => dollar_quoted(rest).unwrap_or((Kind::Symbol, 1)),
            ':' if !self.in_slice() => colon(rest),
            '\\' => {
                let word = run(&rest[1..], is_word);
                let other = rest[1..].chars().next().filter(|c| !is_space(*c));
                (Kind::Command, 1 + word.max(other.map_or(0, char::len_utf8)))
            }
            // A dollar belongs to a name, but ends a number.
            c if c.is_ascii_digit() => (Kind::Word, run(rest, |c| is_word(c) && c != '$')),
            c if is_word(c) => (Kind::Word, run(rest, is_word)),
            c => (Kind::Symbol, c.len_utf8()),
        }
    }

    /// In `a[1:n]` the colon parts the bounds of a slice, and names nothing.
    fn in_slice(&self) -> bool {
        let last = self.source[..self.at].chars().next_back();
        let bound = |c: char| is_word(c) || matches!(c, ']' | ')' | '\'' | '"');
        self.brackets > 0 && last.is_some_and(bound)
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let (start, line, rest) = (self.at, self.line, &self.source[self.at..]);
        let (kind, length) = self.measure(rest, rest.chars().next()?);
        let text = &rest[..length];
        match text {
            "[" => self.brackets += 1,
            "]" => self.brackets = self.brackets.saturating_sub(1),
            _ => {}
        }
        self.at += length;
        self.line += newlines(text);
        Some(Token { kind, text, start, line })
    }
}

/// Strings of every kind, and quoted identifiers.
fn quoted(rest: &str) -> Option<(Kind, usize)> {
    let bytes = rest.as_bytes();
    let prefix = match bytes {
        [b'\'' | b'"', ..] => 0,
        [b'e' | b'E' | b'b' | b'B' | b'x' | b'X' | b'n' | b'N', b'\'', ..] => 1,
        [b'u' | b'U', b'&', b'\'' | b'"', ..] => 2,
        _ => return None,
    };
    let (quote, escapes) = (bytes[prefix], matches!(bytes[0], b'e' | b'E'));
    let unterminated = match quote {
        b'"' => "quoted identifier",
        _ => "string",
    };
    let mut at = prefix + 1;
    while let Some(&byte) = bytes.get(at) {
        at += match byte {
            b'\\' if escapes => 2,
            _ if byte != quote => 1,
            _ if bytes.get(at + 1) == Some(&quote) => 2,
            _ => match continuation(&rest[at + 1..]) {
                // The continued part has no E of its own, but takes backslashes as well.
                Some(length) if escapes => 1 + length,
                _ => return Some((Kind::Quoted, at + 1)),
            },
        };
    }
    Some((Kind::Unterminated(unterminated), rest.len()))
}

/// How far it is to the quote that continues a string on a later line, with the quote.
fn continuation(rest: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        at += run(&rest[at..], is_space);
        if !rest[at..].starts_with("--") {
            break;
        }
        at += rest[at..].find('\n')?;
    }
    (rest[at..].starts_with('\'') && rest[..at].contains(['\n', '\r'])).then_some(at + 1)
}

fn dollar_quoted(rest: &str) -> Option<(Kind, usize)> {
    let tag = run(&rest[1..], |c| is_word(c) && c != '$');
    let body = rest[1 + tag..].strip_prefix('$')?;
    if rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let fence = &rest[..tag + 2];
    Some(match body.find(fence) {
        Some(end) => (Kind::Quoted, end + 2 * fence.len()),
        None => (Kind::Unterminated("dollar quote"), rest.len()),
    })
}

fn block_comment(rest: &str) -> (Kind, usize) {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        let (change, step) = match &rest.as_bytes()[at..] {
            [b'/', b'*', ..] => (1, 2),
            [b'*', b'/', ..] => (-1, 2),
            _ => (0, 1),
        };
        depth += change;
        at += step;
        if depth == 0 {
            return (Kind::Blank, at);
        }
    }
    (Kind::Unterminated("comment"), rest.len())
}

fn colon(rest: &str) -> (Kind, usize) {
    let colons = run(rest, |c| c == ':');
    let quotes = usize::from(rest[1..].starts_with('\''));
    let name = &rest[1 + quotes..];
    let length = run(name, |c| is_word(c) && c != '$');
    let named = length > 0 && !name.starts_with(|c: char| c.is_ascii_digit());
    match (colons, quotes) {
        (2.., _) => (Kind::Symbol, colons),
        (_, 0) if named => (Kind::Variable, 1 + length),
        (_, 1) if named && name[length..].starts_with('\'') => (Kind::QuotedVariable, length + 3),
        _ => (Kind::Symbol, 1),
    }
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}

/// To the server every character beyond ASCII is a letter.
pub(crate) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii()
}

pub(crate) fn newlines(text: &str) -> usize {
    text.matches('\n').count()
}
