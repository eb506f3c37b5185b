//! What is shown of a résumé that was laid out: its pages, its figures, and what a machine reads.

use std::sync::Arc;

use resume::check::{Remark, Report, Weight};
use resume::reading::Reading;
use resume::{Figure, Standing};

use super::super::App;
use super::super::studio::Preview;
use crate::failure::Failure;
use crate::use_cases::resume::Drawn;

/// See the module.
pub(in crate::web) struct Shown {
    /// Where its pictures lie.
    pub(super) at: String,
    pub(super) pages: usize,
    /// Pixels of a page at 72 to the inch.
    pub(super) size: (u32, u32),
    pub(super) kilobytes: usize,
    pub(super) warnings: Vec<String>,
    pub(super) figures: Vec<Backed>,
    pub(super) counts: Counts,
    pub(super) wrong: Vec<Placed>,
    pub(super) ask: Vec<Placed>,
    pub(super) weak: Vec<WeakBullet>,
    pub(super) report: Arc<Report>,
    preview: Arc<Preview>,
}

/// How many figures stand how.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) run: usize,
    pub(super) own: usize,
    pub(super) open: usize,
    pub(super) contradicted: usize,
}

/// A bullet with its figures and what stands behind each.
pub(super) struct Backed {
    pub(super) line: usize,
    pub(super) text: String,
    /// Figures that have the same behind them stand together.
    pub(super) figures: Vec<(Vec<String>, Standing)>,
}

/// A remark, and the line that it is about.
pub(super) struct Placed {
    pub(super) line: Option<usize>,
    pub(super) field: String,
    pub(super) about: &'static str,
    pub(super) what: String,
}

/// A bullet with all that is weak about it.
pub(super) struct WeakBullet {
    pub(super) line: usize,
    pub(super) text: String,
    pub(super) asks: Vec<String>,
}

impl Shown {
    /// All of it, for a file that the app knows by this id.
    pub(in crate::web) async fn of(app: &App, file: &str, preview: Arc<Preview>) -> Result<Shown, Failure> {
        let report = app.report(&preview).await?;
        let drawn = &preview.drawn;
        let places = drawn.places();
        let at = |field: &str| places.get(field).map_or((1, String::new()), |it| (it.line, it.text.clone()));
        let figures = report.figures.iter().map(|it| {
            let (line, text) = at(&it.field);
            Backed { line, text, figures: together(&it.figures) }
        });
        let mut weak: Vec<(&str, WeakBullet)> = Vec::new();
        for it in &report.weak {
            match weak.last_mut() {
                Some((field, bullet)) if *field == it.field => bullet.asks.push(it.ask.clone()),
                _ => {
                    let (line, text) = at(&it.field);
                    weak.push((&it.field, WeakBullet { line, text, asks: vec![it.ask.clone()] }));
                }
            }
        }
        Ok(Shown {
            at: format!("/api/v1/resumes/{file}/previews/{}/pages", preview.id),
            pages: drawn.pdf.pages,
            size: if drawn.look.paper == typeset::Paper::A4 { (595, 842) } else { (612, 792) },
            kilobytes: drawn.pdf.bytes.len().div_ceil(1000),
            warnings: drawn.pdf.warnings.clone(),
            figures: figures.collect(),
            counts: counts(&report),
            wrong: remarks(drawn, &report, Weight::Wrong),
            // What needs a source stands with the figures.
            ask: remarks(drawn, &report, Weight::Ask)
                .into_iter()
                .filter(|it| it.about != "figures")
                .collect(),
            weak: weak.into_iter().map(|(_, bullet)| bullet).collect(),
            report,
            preview,
        })
    }

    pub(super) fn reading(&self) -> &Reading {
        &self.preview.drawn.reading
    }

    pub(super) fn is_good(&self) -> bool {
        self.wrong.is_empty()
    }

    /// The numbers of the pages.
    pub(super) fn numbers(&self) -> std::ops::RangeInclusive<usize> {
        1..=self.pages
    }
}

fn together(figures: &[Figure]) -> Vec<(Vec<String>, Standing)> {
    let mut groups: Vec<(Vec<String>, Standing)> = Vec::new();
    for figure in figures {
        match groups.iter_mut().find(|(_, standing)| *standing == figure.standing) {
            Some((texts, _)) if texts.contains(&figure.text) => {}
            Some((texts, _)) => texts.push(figure.text.clone()),
            None => groups.push((vec![figure.text.clone()], figure.standing.clone())),
        }
    }
    groups
}

fn counts(report: &Report) -> Counts {
    let mut counts = Counts::default();
    for figure in report.figures.iter().flat_map(|bullet| &bullet.figures) {
        match figure.standing {
            Standing::Run { .. } => counts.run += 1,
            Standing::Source { .. } => counts.own += 1,
            Standing::NeedsASource => counts.open += 1,
            Standing::Contradicted { .. } => counts.contradicted += 1,
        }
    }
    counts
}

fn remarks(drawn: &Drawn, report: &Report, weight: Weight) -> Vec<Placed> {
    // A variant has fewer entries than the source, so that their numbers are others.
    let line =
        |field: &str| (drawn.variant.is_none() && !field.is_empty()).then(|| drawn.opened.source.line(field));
    let of = |it: &Remark| Placed {
        line: line(&it.field),
        field: it.field.clone(),
        about: it.about,
        what: it.what.clone(),
    };
    report.remarks.iter().filter(|it| it.weight == weight).map(of).collect()
}
