//! Advice pages: how to prepare, common mistakes, the process.

use folder::{Folder, Mistake};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::question::{heading, parts};

const FORMAT: u32 = 1;

/// Where a page of advice belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = AdviceSection)]
pub enum Section {
    /// How to prepare.
    Preparation,
    /// What often goes wrong.
    Mistakes,
    /// What to expect.
    Process,
}

impl Section {
    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Section::Preparation => "How to prepare",
            Section::Mistakes => "What often goes wrong",
            Section::Process => "What to expect",
        }
    }
}

/// A page of advice.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AdvicePage)]
pub struct Advice {
    /// Its file's name.
    pub id: String,
    /// Where it belongs.
    pub section: Section,
    /// Its place there, from 1.
    pub order: u32,
    /// Questions that let one practise it.
    pub questions: Vec<String>,
    /// Drills that let one practise it.
    pub drills: Vec<String>,
    /// The heading.
    pub title: String,
    /// The page, as Markdown.
    pub text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    format: u32,
    section: Section,
    order: u32,
    #[serde(default)]
    questions: Vec<String>,
    #[serde(default)]
    drills: Vec<String>,
}

impl Advice {
    /// Reads `advice/<id>.md` of a pack.
    pub(crate) fn read(pack: &Folder, id: &str, drills: &[String]) -> Result<Advice, Mistake> {
        let file = format!("advice/{id}.md");
        let (front, body, body_line) = parts(pack, &file)?;
        let raw: FrontMatter = toml::from_str(front).map_err(|e| {
            let line = e.span().map(|place| front[..place.start].lines().count().max(1) + 1);
            pack.mistake(&file, line, e.message().to_string())
        })?;
        if raw.format != FORMAT {
            return Err(pack.mistake(&file, None, format!("this version reads format = {FORMAT}")));
        }
        let known = |question: &String| pack.bytes(&format!("questions/{question}.md")).is_some();
        if let Some(strange) = raw.questions.iter().find(|question| !known(question)) {
            return Err(pack.mistake(&file, None, format!("there is no question `{strange}`")));
        }
        if let Some(strange) = raw.drills.iter().find(|drill| !drills.contains(drill)) {
            return Err(pack.mistake(&file, None, format!("there is no drill `{strange}`")));
        }
        if raw.questions.is_empty() && raw.drills.is_empty() {
            let what = "name at least one question or drill that lets one practise this";
            return Err(pack.mistake(&file, None, what));
        }
        let title = heading(pack, &file, body, body_line)?.to_string();
        let text = body.split_once('\n').map_or("", |(_, text)| text).trim().to_string();
        Ok(Advice {
            id: id.into(),
            section: raw.section,
            order: raw.order,
            questions: raw.questions,
            drills: raw.drills,
            title,
            text,
        })
    }
}
