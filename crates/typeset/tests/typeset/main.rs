//! PDFs are made and read back, as a person's viewer and a machine's parser would.

mod hostile;
mod order;
mod pages;
mod reading;
mod samples;
mod writing;

use serde_json::Value;
use typeset::{Paper, Pdf, Template, Typesetter};

/// With the fonts inside alone, so that every machine sees the same.
fn pdf(resume: &Value, template: Template) -> Pdf {
    let mut typesetter = Typesetter::without_system_fonts();
    typesetter.pdf(resume, template, Paper::A4).unwrap_or_else(|error| panic!("{template}: {error}"))
}

fn read(resume: &Value, template: Template) -> reading::Reading {
    reading::Reading::of(&pdf(resume, template).bytes)
}
