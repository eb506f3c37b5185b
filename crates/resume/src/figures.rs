//! The figures in a bullet, and whether something stands behind each. No number is ever made here.

#[cfg(test)]
mod tests;

use serde::Serialize;
use utoipa::ToSchema;

use crate::document::{Bullet, Evidence};
use crate::inline::plain;

/// What a stored run has to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFacts {
    /// It passed.
    pub passed: bool,
    /// Its ruling in a word: `pass`, `fail` or `void`.
    pub ruling: String,
    /// Every number in its verdict, as it is shown there.
    pub figures: Vec<String>,
}

/// What is known of a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "state", rename_all = "kebab-case")]
#[schema(as = FigureStanding)]
pub enum Standing {
    /// A passed run shows it.
    Run {
        /// The run's name.
        run: String,
    },
    /// Its owner says where it comes from.
    Source {
        /// In their words.
        source: String,
    },
    /// Nothing stands behind it.
    NeedsASource,
    /// What should stand behind it does not.
    Contradicted {
        /// Why.
        why: String,
    },
}

/// A figure of a bullet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ResumeFigure)]
pub struct Figure {
    /// As it is written.
    pub text: String,
    /// What stands behind it.
    #[serde(flatten)]
    pub standing: Standing,
}

/// What comes with a version number or another name with a digit, and is no figure.
const VERSIONED: [&str; 44] = [
    "postgresql",
    "postgres",
    "mysql",
    "mariadb",
    "oracle",
    "mongodb",
    "redis",
    "kafka",
    "python",
    "java",
    "jdk",
    "node",
    "go",
    "rust",
    "php",
    "ruby",
    "rails",
    "django",
    "spring",
    "boot",
    "angular",
    "vue",
    "react",
    "kubernetes",
    "ubuntu",
    "debian",
    "windows",
    "tls",
    "http",
    "oauth",
    "iso",
    "soc",
    "pci",
    "level",
    "version",
    "v",
    "series",
    "tier",
    "phase",
    "rfc",
    "elasticsearch",
    "net",
    "c++",
    "ipv",
];

/// The numbers in a text that say how much: `91,204`, `3.5x`, `40 %`, `$1.2M`; not years, versions and
/// names such as `p99`.
#[must_use]
pub fn figures_in(text: &str) -> Vec<String> {
    let text = plain(text);
    let chars: Vec<char> = text.chars().collect();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < chars.len() {
        if !chars[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        let joins = |at: usize| matches!(chars[at], '.' | ',' | '\u{a0}' | '\u{202f}' | '’' | '\'');
        let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
        while at < chars.len() && (digit(at) || joins(at) && digit(at + 1)) {
            at += 1;
        }
        let number: String = chars[start..at].iter().collect();
        let unit: String = chars[at..].iter().take_while(|c| c.is_alphanumeric() || **c == '%').collect();
        at += unit.chars().count();
        if in_a_name(&chars, start) || is_year(&number, &unit) || follows_a_product(&chars, start, &unit) {
            continue;
        }
        found.push(number);
    }
    found
}

/// `p99`, `k8s`, `UTF-8`, `HTTP/2`.
fn in_a_name(chars: &[char], start: usize) -> bool {
    let before = |back: usize| start.checked_sub(back).map(|at| chars[at]);
    match before(1) {
        Some(c) if c.is_alphabetic() || c == '_' || c == '#' => true,
        Some('-' | '/' | '.') => before(2).is_some_and(char::is_alphabetic),
        _ => false,
    }
}

fn is_year(number: &str, unit: &str) -> bool {
    let year = number.len() == 4 && number.parse::<u16>().is_ok_and(|year| (1950..2100).contains(&year));
    year && (unit.is_empty() || unit == "s")
}

fn follows_a_product(chars: &[char], start: usize, unit: &str) -> bool {
    let before: String = chars[..start].iter().collect();
    let Some(last) = before.ends_with(' ').then(|| before.split_whitespace().last()).flatten() else {
        return false;
    };
    unit.is_empty() && VERSIONED.contains(&last.trim_start_matches(['(', '.']).to_lowercase().as_str())
}

/// The digits of a number and nothing else, so that `91,204` and `91204` are the same.
#[must_use]
pub fn digits(number: &str) -> String {
    let grouped =
        number.chars().filter(|c| !matches!(c, ',' | '\u{a0}' | '\u{202f}' | '’' | '\'' | ' ' | '_'));
    let whole: String = grouped.filter(|c| c.is_ascii_digit() || *c == '.').collect();
    match whole.contains('.') {
        true => whole.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => whole,
    }
}

/// Each figure of a bullet with what stands behind it. `runs` knows the stored runs by their names.
#[must_use]
pub fn examine(bullet: &Bullet, runs: &dyn Fn(&str) -> Option<RunFacts>) -> Vec<Figure> {
    let of = |text: String| {
        let standing = standing(&text, bullet, runs);
        Figure { text, standing }
    };
    figures_in(&bullet.text).into_iter().map(of).collect()
}

fn standing(figure: &str, bullet: &Bullet, runs: &dyn Fn(&str) -> Option<RunFacts>) -> Standing {
    let wanted = digits(figure);
    // What names this figure comes before what stands for all of them.
    let named = |it: &&Evidence| it.figure().is_some_and(|text| names(text, &wanted));
    let all = |it: &&Evidence| it.figure().is_none();
    let mut why = None;
    for evidence in bullet.evidence.iter().filter(named).chain(bullet.evidence.iter().filter(all)) {
        match evidence {
            Evidence::Source { source, .. } => return Standing::Source { source: source.clone() },
            Evidence::Run { run, .. } => match runs(run) {
                None => why = Some(format!("there is no stored run `{run}`")),
                Some(facts) if !facts.passed => {
                    why = Some(format!("the run `{run}` ended with {}", facts.ruling))
                }
                Some(facts) if facts.figures.iter().any(|it| digits(it) == wanted) => {
                    return Standing::Run { run: run.clone() };
                }
                Some(_) => why = Some(format!("the run `{run}` shows no {figure}")),
            },
        }
    }
    why.map_or(Standing::NeedsASource, |why| Standing::Contradicted { why })
}

/// Whether a text such as `91,204 → 34` names this number.
fn names(text: &str, wanted: &str) -> bool {
    digits(text) == wanted || figures_in(text).iter().any(|it| digits(it) == wanted)
}
