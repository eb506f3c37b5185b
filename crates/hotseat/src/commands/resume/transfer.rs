use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anstream::println;
use clap::Args;
use serde_json::json;

use super::place::{Place, note, stored};
use crate::commands::Options;
use crate::failure::Failure;
use crate::use_cases::resume::{EXAMPLE_FILE, Format, Written, private, put, put_new, sheet, take_in, write};

/// Take a JSON Resume into resume.toml; nothing of it is lost
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The JSON Resume
    file: PathBuf,
}

/// Write the résumé as JSON Resume, HTML, Markdown or plain text; what is private stays here
#[derive(Debug, Args)]
pub(crate) struct Export {
    #[command(flatten)]
    place: Place,
    /// What to write
    #[arg(long, value_enum)]
    format: Format,
    /// Where to; without it, beside the source, and `-` is the terminal
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// With notes, tags and evidence (JSON only), to be imported again elsewhere
    #[arg(long)]
    private: bool,
}

/// Print the interview sheet, for you alone: each bullet with notes, evidence and likely questions
#[derive(Debug, Args)]
pub(crate) struct Sheet {
    #[command(flatten)]
    place: Place,
    /// Where to; without it, the terminal
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Import {
    pub(super) fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        put_new(Path::new(EXAMPLE_FILE), &take_in(&self.file)?)?;
        note(Path::new(EXAMPLE_FILE));
        if options.json {
            println!("{}", json!({ "schema": 1, "file": EXAMPLE_FILE, "from": self.file }));
        } else {
            println!("{EXAMPLE_FILE}: all of {}", self.file.display());
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Export {
    pub(super) fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        if self.private && (self.format != Format::Json || self.place.variant.is_some()) {
            return Err(Failure::usage("--private goes with --format json alone, and with no variant"));
        }
        let opened = self.place.open()?;
        let resume = self.place.resume(&opened)?;
        let (text, extension) = match self.private {
            true => (private(&opened), "private.json"),
            false => (write(&resume, self.format), self.format.extension()),
        };
        let path = self.out.unwrap_or_else(|| self.place.beside(&opened.path, extension));
        if path == opened.path {
            let what = format!("{} is the source itself", path.display());
            return Err(Failure::usage(what).hint("name another file: --out FILE"));
        }
        put_out(&path, &text, options)
    }
}

/// Writes a text where it is wanted; `-` is the terminal.
fn put_out(path: &Path, text: &str, options: &Options) -> Result<ExitCode, Failure> {
    if path == Path::new("-") {
        anstream::print!("{text}");
        return Ok(ExitCode::SUCCESS);
    }
    put(path, text.as_bytes())?;
    if options.json {
        println!("{}", json!(Written { schema: 1, file: path.to_path_buf(), bytes: text.len() }));
    } else {
        println!("{}", path.display());
    }
    Ok(ExitCode::SUCCESS)
}

impl Sheet {
    pub(super) fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let opened = self.place.open()?;
        let resume = self.place.resume(&opened)?;
        let sheet = sheet(&resume, &stored());
        if options.json {
            println!("{}", json!(sheet));
            return Ok(ExitCode::SUCCESS);
        }
        let name = opened.source.value()["basics"]["name"].as_str().unwrap_or_default();
        let text = resume::sheet::sheet(name, &sheet.bullets, &resume.entry_notes());
        put_out(&self.out.unwrap_or_else(|| PathBuf::from("-")), &text, options)
    }
}
