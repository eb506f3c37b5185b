//! The PDF: laid out, and put beside its source.

use std::path::{Path, PathBuf};
use std::time::Instant;

use resume::Resume;
use serde::Serialize;
use typeset::{Paper, Pdf, Template, TypesetError, Typesetter};

use super::source::{Opened, beside, put};
use crate::failure::Failure;

/// How a PDF looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Look {
    pub template: Template,
    pub paper: Paper,
}

/// A PDF that was written.
#[derive(Debug, Serialize)]
pub(crate) struct Built {
    /// The version of this shape.
    pub schema: u32,
    /// Where it lies.
    pub pdf: PathBuf,
    pub pages: usize,
    pub bytes: usize,
    /// What a reader will miss.
    pub warnings: Vec<String>,
    /// From the read source to the written file.
    pub milliseconds: f64,
}

/// What others may see of a résumé, as a PDF.
pub(crate) fn render(resume: &Resume<'_>, look: Look, typesetter: &mut Typesetter) -> Result<Pdf, Failure> {
    typesetter
        .pdf(&resume.public(), look.template, look.paper)
        .map_err(|error| untypeset(error).hint("the PDF from before, if there is one, is as it was"))
}

/// Why there is no PDF, and whose turn it is.
pub(super) fn untypeset(error: TypesetError) -> Failure {
    match error {
        TypesetError::Layout(_) | TypesetError::NoThread(_) => Failure::bug(error),
        _ => Failure::usage(error),
    }
}

/// Writes the PDF; beside the source, unless `out` says where.
pub(crate) fn build(
    opened: &Opened,
    variant: Option<&str>,
    look: Look,
    out: Option<&Path>,
    typesetter: &mut Typesetter,
) -> Result<Built, Failure> {
    let began = Instant::now();
    let Pdf { bytes, pages, warnings } = render(&opened.variant(variant)?, look, typesetter)?;
    let pdf = out.map_or_else(|| beside(&opened.path, variant, "pdf"), Path::to_path_buf);
    put(&pdf, &bytes)?;
    let milliseconds = (began.elapsed().as_secs_f64() * 10_000.0).round() / 10.0;
    Ok(Built { schema: 1, pdf, pages, bytes: bytes.len(), warnings, milliseconds })
}
