//! The PDF read back as machines read it, its figures, weak bullets, and a job description.

use std::fs;
use std::path::{Path, PathBuf};

use resume::Resume;
use resume::check::{Question, Report};
use resume::job::{JOB_BYTES_MAX, JobError, read_job};
use resume::reading::{self, Reading};
use serde::Serialize;
use utoipa::ToSchema;

use super::evidence::Stored;
use crate::failure::Failure;

/// What there is to say of a résumé and its PDF.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResumeChecked)]
pub(crate) struct Checked {
    /// The version of this shape.
    pub schema: u32,
    /// Where the PDF lies.
    #[schema(value_type = String)]
    pub pdf: PathBuf,
    /// Nothing is wrong.
    pub good: bool,
    pub report: Report,
    /// What a machine reads; only where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading: Option<Reading>,
}

/// What to hold a résumé against.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Asked<'q> {
    /// The text of a job description.
    pub job: Option<&'q str>,
    /// A figure without a source is wrong too.
    pub strict: bool,
}

/// Holds a résumé against what was read from its PDF, against stored runs, and against a job description.
pub(crate) fn check(resume: &Resume<'_>, reading: &Reading, runs: &Stored, asked: Asked<'_>) -> Report {
    let today = jiff::ZonedDateTime::now().date();
    let question = Question {
        job: asked.job,
        runs: &|run| runs.facts(run),
        today: (today.year().unsigned_abs(), today.month().unsigned_abs()),
        strict: asked.strict,
    };
    resume::check::check(resume, reading, &question)
}

/// What a machine reads from a PDF that lies there.
pub(crate) fn read_pdf(path: &Path) -> Result<Reading, Failure> {
    let pdf = fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Failure::usage(format!("there is no {}", path.display()))
            .hint("make it: hotseat resume build (with the same --for)"),
        _ => Failure::io(path, &error),
    })?;
    reading::read(&pdf).map_err(|error| {
        Failure::usage(format!("{}: {error}", path.display())).hint("make it anew: hotseat resume build")
    })
}

/// The text of a job description: plain, Markdown, HTML or PDF.
pub(crate) fn job_text(path: &Path) -> Result<String, Failure> {
    let about = fs::metadata(path).map_err(|e| Failure::io(path, &e))?;
    let told = |error: JobError| Failure::usage(format!("{}: {error}", path.display()));
    if about.len() > JOB_BYTES_MAX as u64 {
        let bytes = usize::try_from(about.len()).unwrap_or(usize::MAX);
        return Err(told(JobError::TooLarge { bytes }));
    }
    read_job(&fs::read(path).map_err(|e| Failure::io(path, &e))?).map_err(told)
}
