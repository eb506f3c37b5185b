//! A verdict as `--json` prints it.

use serde_json::Value;

use super::Ran;

/// What a `drill check` or `drill replay` has ruled.
#[derive(Debug)]
pub(crate) struct Ruled {
    pub code: i32,
    pub json: Value,
    pub stderr: String,
}

impl Ruled {
    #[track_caller]
    pub(crate) fn read(ran: &Ran) -> Ruled {
        let code = ran.code.unwrap_or_else(|| panic!("it was ended by a signal:\n{ran}"));
        assert!([0, 1, 3].contains(&code), "there is no ruling:\n{ran}");
        Ruled { code, json: ran.json(), stderr: ran.stderr.clone() }
    }

    pub(crate) fn ruling(&self) -> &str {
        self.json["ruling"].as_str().unwrap_or_default()
    }

    /// The names of the broken claims.
    pub(crate) fn broken(&self) -> Vec<&str> {
        let findings = self.json["findings"].as_array().into_iter().flatten();
        findings.filter(|it| it["state"] == "broken").filter_map(|it| it["check"].as_str()).collect()
    }

    /// The first counterexample of a broken claim.
    #[track_caller]
    pub(crate) fn counterexample(&self, check: &str) -> &Value {
        let mut findings = self.json["findings"].as_array().into_iter().flatten();
        let found = findings.find(|it| it["check"] == check && it["state"] == "broken");
        let found = found.unwrap_or_else(|| panic!("`{check}` is not broken: {:#}", self.json));
        &found["counterexamples"][0]
    }

    #[track_caller]
    pub(crate) fn passes(self) -> Ruled {
        assert_eq!((self.code, self.ruling()), (0, "pass"), "{:#}", self.json);
        self
    }

    /// Insists on a fail that this claim has caught.
    #[track_caller]
    pub(crate) fn fails(self, check: &str) -> Ruled {
        assert_eq!((self.code, self.ruling()), (1, "fail"), "{:#}", self.json);
        assert!(self.broken().contains(&check), "`{check}` is not broken: {:#}", self.json);
        self
    }

    /// Insists on a fail of the claim `runs`: which file, which line, which words.
    #[track_caller]
    pub(crate) fn does_not_run(self, file: &str, line: impl Into<Option<u64>>, words: &[&str]) -> Ruled {
        let ruled = self.fails("runs");
        let example = ruled.counterexample("runs");
        assert_eq!(example["file"], file, "{example:#}");
        if let Some(line) = line.into() {
            assert_eq!(example["line"], line, "{example:#}");
        }
        let message = example["message"].as_str().unwrap_or_default().to_lowercase();
        for word in words {
            assert!(message.contains(&word.to_lowercase()), "`{word}` is missing from: {message}");
        }
        ruled
    }

    #[track_caller]
    pub(crate) fn void_because(self, words: &[&str]) -> Ruled {
        assert_eq!((self.code, self.ruling()), (3, "void"), "{:#}", self.json);
        let why = self.json["why_void"].as_str().unwrap_or_default();
        for word in words {
            assert!(why.contains(word), "`{word}` is missing from: {why}");
        }
        self
    }
}
