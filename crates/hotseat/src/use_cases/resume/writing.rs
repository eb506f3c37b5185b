//! A résumé as JSON Resume, HTML, Markdown or plain text, and the interview sheet for its owner alone.

use std::path::PathBuf;

use clap::ValueEnum;
use resume::sheet::{Prepared, prepare};
use resume::{Evidence, Outline, Resume, render};
use serde::Serialize;
use utoipa::ToSchema;

use super::evidence::Stored;
use super::source::Opened;

/// What a résumé can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// JSON Resume
    Json,
    /// One file, ready to print
    Html,
    /// Markdown
    Md,
    /// Plain text
    Txt,
}

/// A file that was written.
#[derive(Debug, Serialize)]
pub(crate) struct Written {
    /// The version of this shape.
    pub schema: u32,
    pub file: PathBuf,
    pub bytes: usize,
}

/// Every bullet with all that its owner should have ready.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InterviewSheet)]
pub(crate) struct Sheet {
    /// The version of this shape.
    pub schema: u32,
    pub bullets: Vec<Prepared>,
}

impl Format {
    /// What files of this format end with.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Html => "html",
            Format::Md => "md",
            Format::Txt => "txt",
        }
    }
}

/// What others may see of a résumé.
pub(crate) fn write(resume: &Resume<'_>, format: Format) -> String {
    let public = resume.public();
    match format {
        Format::Json => resume::pretty(&public),
        Format::Html => render::html(&Outline::of(&public)),
        Format::Md => render::markdown(&Outline::of(&public)),
        Format::Txt => render::text(&Outline::of(&public)),
    }
}

/// All of it as JSON, with notes, tags and evidence, to be imported again elsewhere.
pub(crate) fn private(opened: &Opened) -> String {
    opened.source.to_json()
}

/// Each bullet with its notes, what stands behind its figures, and what will be asked.
pub(crate) fn sheet(resume: &Resume<'_>, runs: &Stored) -> Sheet {
    let prepared = resume.bullets().into_iter().map(|bullet| {
        let figures = resume::examine(&bullet, &|run| runs.facts(run));
        prepare(&bullet, &figures, asked(runs, &bullet.evidence))
    });
    Sheet { schema: 1, bullets: prepared.collect() }
}

/// What the debriefs of a bullet's runs ask.
fn asked(runs: &Stored, evidence: &[Evidence]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for it in evidence {
        let Evidence::Run { run, .. } = it else { continue };
        let Some(proof) = runs.proof(run) else { continue };
        for question in resume::story::questions(&proof.debrief) {
            if !found.contains(&question) {
                found.push(question);
            }
        }
    }
    found
}
