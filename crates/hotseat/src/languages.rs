//! Which programming languages this machine can build and run.

use std::path::Path;

use judge::drill::Drill;
use judge::submission::Submission;

/// A language, the commands that it needs, and how they are installed on Debian and Ubuntu.
const LANGUAGES: [(&str, &[&str], &str); 4] = [
    ("python", &["python3"], "sudo apt-get install python3 python3-venv"),
    ("node", &["node", "npm"], "sudo apt-get install nodejs npm"),
    ("go", &["go"], "sudo apt-get install golang-go"),
    ("rust", &["cargo", "cc"], "https://rustup.rs, and sudo apt-get install gcc"),
];

/// A language as `doctor` shows it.
#[derive(Debug)]
pub(crate) struct Language {
    pub name: &'static str,
    /// The commands that are not there.
    pub missing: Vec<&'static str>,
    pub install: &'static str,
}

/// Every language that starters come in.
pub(crate) fn all() -> Vec<Language> {
    let language = |(name, commands, install): (&'static str, &[&'static str], &'static str)| Language {
        name,
        missing: commands.iter().copied().filter(|command| !is_there(command)).collect(),
        install,
    };
    LANGUAGES.into_iter().map(language).collect()
}

/// What a submission's language lacks on this machine, in words; a language that is not known lacks nothing.
pub(crate) fn lacks(drill: &Drill, submission: &Submission) -> Option<String> {
    let known = all();
    drill.scenario.programs.values().find_map(|program| {
        let recipe = judge::bench::recipe::Recipe::read(submission.text(&program.slot)?).ok()?;
        let language = known.iter().find(|it| Some(it.name) == recipe.language.as_deref())?;
        let missing = language.missing.join(", ");
        (!missing.is_empty()).then(|| format!("{} is not installed ({missing})", language.name))
    })
}

fn is_there(command: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| Path::new(&folder).join(command).is_file())
}
