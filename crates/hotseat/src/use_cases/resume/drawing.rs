//! A résumé as a PDF in memory with pictures of its pages, and all that can be said of it.

use std::collections::BTreeMap;

use resume::check::Report;
use resume::reading::{self, Reading};
use typeset::Pdf;

use super::building::Look;
use super::checking::{Asked, check};
use super::evidence::Stored;
use super::layout_process::LayoutProcess;
use super::source::Opened;
use crate::failure::Failure;

/// One text in one look.
pub(crate) struct Drawn {
    pub opened: Opened,
    pub variant: Option<String>,
    pub look: Look,
    pub pdf: Pdf,
    /// Each page as SVG.
    pub pictures: Vec<String>,
    /// What a machine reads.
    pub reading: Reading,
}

/// A bullet's text, and where it stands.
pub(crate) struct Place {
    pub text: String,
    /// From 1.
    pub line: usize,
}

/// Lays a text out, draws it, and reads it back. It takes some milliseconds, the first time more.
pub(crate) async fn draw(
    opened: Opened,
    variant: Option<String>,
    look: Look,
    layouts: &LayoutProcess,
) -> Result<Drawn, Failure> {
    let ask = move || {
        let request = LayoutProcess::request(opened.variant(variant.as_deref())?.public(), look)?;
        Ok::<_, Failure>((opened, variant, request))
    };
    let (opened, variant, request) = tokio::task::spawn_blocking(ask).await.map_err(Failure::bug)??;
    let typeset::Drawn { pdf, pictures } = layouts.drawn(&request).await?;
    let read = move || {
        let reading = reading::read(&pdf.bytes)
            .map_err(|error| Failure::bug(format!("our own PDF cannot be read: {error}")))?;
        Ok(Drawn { opened, variant, look, pdf, pictures, reading })
    };
    tokio::task::spawn_blocking(read).await.map_err(Failure::bug)?
}

impl Drawn {
    /// What there is to say of it; against a job description, if there is one.
    pub(crate) fn report(&self, runs: &Stored, job: Option<&str>) -> Result<Report, Failure> {
        let resume = self.opened.variant(self.variant.as_deref())?;
        Ok(check(&resume, &self.reading, runs, Asked { job, strict: false }))
    }

    /// Its bullets by field.
    pub(crate) fn places(&self) -> BTreeMap<String, Place> {
        let resume = self.opened.variant(self.variant.as_deref());
        let bullets = resume.map(|it| it.bullets()).unwrap_or_default();
        let of = |it: resume::Bullet| {
            let line = self.opened.source.line(&it.field);
            (it.field, Place { text: it.text, line })
        };
        bullets.into_iter().map(of).collect()
    }

    /// About how much memory it holds, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        let pictures: usize = self.pictures.iter().map(String::len).sum();
        let read = self.reading.content_order.len() + self.reading.layout_order.len();
        // The parsed source is several times its text.
        pictures + self.pdf.bytes.len() + read + 6 * self.opened.text.len()
    }
}
