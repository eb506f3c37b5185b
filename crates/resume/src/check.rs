//! Everything that can be said of a résumé and its PDF. What is wrong makes the check fail; what is weak is
//! for its owner to think about.

use serde::Serialize;
use utoipa::ToSchema;

use crate::compare::{Comparison, Fate, compare};
use crate::document::{Bullet, Resume};
use crate::figures::{Figure, RunFacts, Standing, examine};
use crate::inline;
use crate::job::{self, JobCheck};
use crate::outline::Outline;
use crate::reading::{Reading, Unmapped};
use crate::source::{Mistake, near_misses};
use crate::weak::{Weak, weaknesses};

/// Greenhouse reads no file that is larger, says its help page "Resume parsing"
/// (support.greenhouse.io/hc/en-us/articles/200989175).
pub const GREENHOUSE_BYTES_MAX: usize = 2_500_000;
/// Whoever reads many résumés reads two pages.
const PAGES_MAX: usize = 2;

/// How bad a remark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = RemarkWeight)]
pub enum Weight {
    /// The check fails.
    Wrong,
    /// Something to think about.
    Ask,
}

/// One thing to be said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ResumeRemark)]
pub struct Remark {
    /// How bad.
    pub weight: Weight,
    /// What it is about: `content-order`, `layout-order`, `dates`, `links`, `glyphs`, `size`, `pages`,
    /// `figures`, `fields`.
    pub about: &'static str,
    /// The field, or nothing.
    pub field: String,
    /// What, and what to do.
    pub what: String,
}

/// The figures of a bullet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BulletFigures)]
pub struct Figures {
    /// The bullet's place in the source.
    pub field: String,
    /// Each with what stands behind it.
    pub figures: Vec<Figure>,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ResumeReport)]
pub struct Report {
    /// The pages of the PDF.
    pub pages: usize,
    /// Its size.
    pub bytes: usize,
    /// In the order of the file.
    pub content_order: Comparison,
    /// In the order of places on the page.
    pub layout_order: Comparison,
    /// What is wrong, then what to think about.
    pub remarks: Vec<Remark>,
    /// Every bullet that has figures.
    pub figures: Vec<Figures>,
    /// Weak bullets.
    pub weak: Vec<Weak>,
    /// Against a job description, if one was given.
    pub job: Option<JobCheck>,
}

impl Report {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.remarks.iter().all(|remark| remark.weight != Weight::Wrong)
    }
}

/// What to hold a résumé against.
pub struct Question<'q> {
    /// The text of a job description.
    pub job: Option<&'q str>,
    /// The stored runs by their names.
    pub runs: &'q dyn Fn(&str) -> Option<RunFacts>,
    /// A year and a month, from 1.
    pub today: (u16, u8),
    /// A figure without a source is wrong, and not only to be thought about.
    pub strict: bool,
}

/// Checks a résumé and its PDF, which was read before.
#[must_use]
pub fn check(resume: &Resume<'_>, reading: &Reading, question: &Question<'_>) -> Report {
    let public = resume.public();
    let outline = Outline::of(&public);
    let content_order = compare(&outline, &reading.content_order);
    let layout_order = compare(&outline, &reading.layout_order);
    let bullets: Vec<(Bullet, Vec<Figure>)> = resume
        .bullets()
        .into_iter()
        .map(|bullet| {
            let figures = examine(&bullet, question.runs);
            (bullet, figures)
        })
        .collect();
    let mut remarks = Vec::new();
    of_order("content-order", &content_order, &mut remarks);
    of_order("layout-order", &layout_order, &mut remarks);
    of_links(&outline, reading, &mut remarks);
    of_glyphs(&reading.unmapped, &mut remarks);
    of_size(reading, &mut remarks);
    of_figures(&bullets, question.strict, &mut remarks);
    remarks.extend(near_misses(resume.source()).into_iter().map(of_field));
    remarks.sort_by_key(|remark| remark.weight);
    Report {
        pages: reading.pages,
        bytes: reading.bytes,
        content_order,
        layout_order,
        weak: bullets.iter().flat_map(|(bullet, _)| weaknesses(bullet)).collect(),
        job: question.job.map(|text| job::check(text, &outline, &bullets, &public, question.today)),
        figures: bullets
            .into_iter()
            .filter(|(_, figures)| !figures.is_empty())
            .map(|(bullet, figures)| Figures { field: bullet.field, figures })
            .collect(),
        remarks,
    }
}

fn wrong(about: &'static str, field: &str, what: String) -> Remark {
    Remark { weight: Weight::Wrong, about, field: field.into(), what }
}

fn ask(about: &'static str, field: &str, what: String) -> Remark {
    Remark { weight: Weight::Ask, about, field: field.into(), what }
}

fn of_order(about: &'static str, comparison: &Comparison, remarks: &mut Vec<Remark>) {
    for found in &comparison.wrong {
        let text: String = found.text.chars().take(60).collect();
        remarks.push(match &found.fate {
            Fate::Missing { words } => {
                let words: Vec<&str> = words.iter().take(8).map(String::as_str).collect();
                wrong(about, &found.field, format!("a machine does not read: {}", words.join(" ")))
            }
            Fate::Torn => wrong(about, &found.field, format!("a machine reads `{text}` torn apart")),
            Fate::Astray => {
                wrong("dates", &found.field, format!("{text} is read away from its entry ({about})"))
            }
            Fate::Read => continue,
        });
    }
    for section in &comparison.disordered {
        remarks.push(wrong(about, section, "its entries are read in another order".into()));
    }
}

/// Every address of the source leads somewhere from the PDF too.
fn of_links(outline: &Outline, reading: &Reading, remarks: &mut Vec<Remark>) {
    let plain = |url: &str| {
        let url = url.trim().trim_end_matches('/').to_lowercase();
        let url =
            ["https://", "http://", "mailto:"].iter().fold(url.clone(), |url, it| url.replacen(it, "", 1));
        url.trim_start_matches("//").trim_end_matches('/').to_string()
    };
    let there: Vec<String> = reading.links.iter().map(|it| plain(it)).collect();
    let mut look = |field: &str, url: &str| {
        if !there.contains(&plain(url)) {
            remarks.push(wrong("links", field, format!("{url} is no link in the PDF")));
        }
    };
    outline.links.iter().for_each(|(field, _)| look(&field.name, &field.text));
    outline.contacts.iter().filter(|it| it.name == "basics.email").for_each(|it| look(&it.name, &it.text));
    for entry in outline.sections.iter().flat_map(|section| &section.entries) {
        entry.url.iter().for_each(|it| look(&it.name, &it.text));
        for field in entry.texts.iter().chain(&entry.bullets) {
            inline::links(&field.text).iter().for_each(|url| look(&field.name, url));
        }
    }
}

fn of_glyphs(unmapped: &[Unmapped], remarks: &mut Vec<Remark>) {
    if let Some(first) = unmapped.first() {
        let what = format!(
            "{} signs mean nothing to a machine, the first on page {} after `{}`; write them otherwise",
            unmapped.len(),
            first.page,
            first.after
        );
        remarks.push(wrong("glyphs", "", what));
    }
}

fn of_size(reading: &Reading, remarks: &mut Vec<Remark>) {
    if reading.bytes > GREENHOUSE_BYTES_MAX {
        let what = format!(
            "the PDF has {} bytes; Greenhouse reads none above 2.5 MB, says its help page",
            reading.bytes
        );
        remarks.push(wrong("size", "", what));
    }
    if reading.pages > PAGES_MAX {
        let what = format!("{} pages; who reads it will read two. What can go?", reading.pages);
        remarks.push(ask("pages", "", what));
    }
}

fn of_figures(bullets: &[(Bullet, Vec<Figure>)], strict: bool, remarks: &mut Vec<Remark>) {
    for (bullet, figures) in bullets {
        for figure in figures {
            match &figure.standing {
                Standing::NeedsASource => {
                    let what = format!("{} needs a source: a run, or a line of your own", figure.text);
                    let say = if strict { wrong } else { ask };
                    remarks.push(say("figures", &bullet.field, what));
                }
                Standing::Contradicted { why } => {
                    remarks.push(wrong("figures", &bullet.field, format!("{}: {why}", figure.text)));
                }
                Standing::Run { .. } | Standing::Source { .. } => {}
            }
        }
    }
}

fn of_field(mistake: Mistake) -> Remark {
    ask("fields", &mistake.field, format!("line {}: {}", mistake.line, mistake.what))
}
