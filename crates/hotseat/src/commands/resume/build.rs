use std::path::PathBuf;
use std::process::ExitCode;

use anstream::println;
use clap::Args;
use serde_json::json;
use typeset::{Paper, Template, Typesetter};

use super::place::Place;
use crate::commands::Options;
use crate::failure::Failure;
use crate::terminal::DIM;
use crate::use_cases::resume::{self, Built, Look, Opened};

/// Write the PDF beside the source
#[derive(Debug, Clone, Args)]
pub(crate) struct Build {
    #[command(flatten)]
    pub(super) place: Place,
    /// plain, compact or classic
    #[arg(long, default_value_t = Template::Plain)]
    template: Template,
    /// a4 or letter
    #[arg(long, default_value_t = Paper::A4)]
    paper: Paper,
    /// The PDF; without it, beside the source under its name
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Build {
    pub(super) fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let opened = self.place.open()?;
        let built = self.build(&opened, &mut Typesetter::new())?;
        print(&built, options.json);
        Ok(ExitCode::SUCCESS)
    }

    /// Renders what was read and puts it in its place.
    pub(super) fn build(&self, opened: &Opened, typesetter: &mut Typesetter) -> Result<Built, Failure> {
        let look = Look { template: self.template, paper: self.paper };
        resume::build(opened, self.place.variant.as_deref(), look, self.out.as_deref(), typesetter)
    }
}

/// Tells what was written.
pub(super) fn print(built: &Built, as_json: bool) {
    if as_json {
        println!("{}", json!(built));
        return;
    }
    let Built { pdf, pages, bytes, warnings, milliseconds, .. } = built;
    let s = if *pages == 1 { "" } else { "s" };
    let kb = bytes.div_ceil(1000);
    println!("{}: {pages} page{s}, {kb} kB {DIM}({milliseconds} ms){DIM:#}", pdf.display());
    for warning in warnings {
        println!("  {warning}");
    }
}
