//! Questions, read from a pack with every mistake named by file and line.

use std::ops::Range;
use std::sync::Arc;

use folder::{Folder, Mistake, numbered, sections};
use serde::{Deserialize, Serialize};
use toml::Spanned;
use utoipa::ToSchema;

use crate::cue::Sets;
use crate::rubric::{Point, RawPoint, RawSets, Rubric, When};

/// The newest `format` of a question that this version reads.
const FORMAT: u32 = 1;
/// The line that fences the front matter.
const FENCE: &str = "+++";
const SECTIONS: [&str; 5] =
    ["Why interviewers ask", "What a strong answer covers", "Sample answer", "Tip", "Follow-up questions"];
const FOLLOW_UPS_MIN: usize = 3;
const POINTS_MIN: usize = 4;
const ABOUT_MIN: usize = 4;

/// What kind of question it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = QuestionKind)]
pub enum Kind {
    /// How something works or is built.
    Technical,
    /// What the candidate did once.
    Behavioural,
    /// What this role does day by day.
    RoleSpecific,
    /// How the candidate works with others, and why.
    CultureFit,
}

/// How much experience an answer shows, or a question is usual for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = QuestionLevel)]
pub enum Level {
    /// Knows the thing and has done it with help.
    Junior,
    /// Does it alone, and weighs one way against another.
    Senior,
    /// Has it done by many, for years.
    Staff,
}

impl Kind {
    /// As it is written in a pack.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Technical => "technical",
            Kind::Behavioural => "behavioural",
            Kind::RoleSpecific => "role-specific",
            Kind::CultureFit => "culture-fit",
        }
    }
}

impl Level {
    /// As it is written in a pack.
    pub fn word(self) -> &'static str {
        match self {
            Level::Junior => "junior",
            Level::Senior => "senior",
            Level::Staff => "staff",
        }
    }
}

/// A question with its rubric.
#[derive(Debug, Clone)]
pub struct Question {
    /// Its file's name.
    pub id: String,
    /// Its number in the guide.
    pub guide: Option<u32>,
    /// The kind.
    pub kind: Kind,
    /// For whom it is usual.
    pub level: Level,
    /// How long the answer may take, in minutes.
    pub minutes: u32,
    /// For search.
    pub topics: Vec<String>,
    /// The drills that let one do it.
    pub drills: Vec<String>,
    /// The rubric.
    pub points: Vec<Point>,
    /// What it looks for in an answer.
    pub(crate) rubric: Rubric,
    /// The question itself.
    pub prompt: String,
    /// Why interviewers ask it, as Markdown.
    pub why: String,
    /// What a strong answer covers, as Markdown.
    pub covers: String,
    /// An answer that covers it.
    pub sample: String,
    /// What to keep in mind.
    pub tip: String,
    /// What may be asked next.
    pub follow_ups: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    format: Spanned<u32>,
    guide: Option<u32>,
    kind: Kind,
    level: Level,
    minutes: u32,
    topics: Vec<String>,
    #[serde(default)]
    drills: Vec<Spanned<String>>,
    about: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
    sets: RawSets,
    points: Spanned<Vec<RawPoint>>,
}

/// The line of a byte, from 1.
pub(crate) fn line_of(text: &str, byte: usize) -> usize {
    text.as_bytes()[..byte.min(text.len())].iter().filter(|b| **b == b'\n').count() + 1
}

/// Front matter, the line that it begins on, and what stands below it with its own first line.
pub(crate) fn parts<'f>(pack: &'f Folder, file: &str) -> Result<(&'f str, &'f str, usize), Mistake> {
    let text = pack.text(file)?;
    let inside = text.strip_prefix(FENCE).and_then(|rest| rest.strip_prefix('\n'));
    let Some((front, body)) = inside.and_then(|inside| inside.split_once("\n+++\n")) else {
        let what = "the front matter is missing: TOML between two lines `+++` at the top";
        return Err(pack.mistake(file, Some(1), what));
    };
    Ok((front, body, front.lines().count() + 3))
}

/// The heading of a Markdown text: its first line.
pub(crate) fn heading<'t>(pack: &Folder, file: &str, body: &'t str, line: usize) -> Result<&'t str, Mistake> {
    let title = body.lines().next().and_then(|first| first.strip_prefix("# ")).map(str::trim);
    title.filter(|title| !title.is_empty()).ok_or_else(|| {
        pack.mistake(file, Some(line), "right below the front matter stands the heading: `# …`")
    })
}

impl Question {
    /// Reads `questions/<id>.md` of a pack. `drills` are the drills there are.
    pub(crate) fn read(
        pack: &Folder,
        id: &str,
        shared: &Arc<Sets>,
        drills: &[String],
        cues: When,
    ) -> Result<Question, Vec<Mistake>> {
        let file = format!("questions/{id}.md");
        let (front, body, body_line) = parts(pack, &file).map_err(|m| vec![m])?;
        let mut reading = Reading { pack, file: &file, front, mistakes: Vec::new() };
        let raw: FrontMatter = toml::from_str(front).map_err(|e| {
            let line = e.span().map(|place| line_of(front, place.start) + 1);
            vec![pack.mistake(&file, line, e.message().to_string())]
        })?;
        if *raw.format.get_ref() != FORMAT {
            reading.wrong(raw.format.span(), format!("this version reads format = {FORMAT}"));
        }
        for drill in raw.drills.iter().filter(|drill| !drills.contains(drill.get_ref())) {
            reading.wrong(drill.span(), format!("there is no drill `{}`", drill.get_ref()));
        }
        reading.at_least(&raw.about, ABOUT_MIN, "cues in `about`");
        reading.at_least(&raw.points, POINTS_MIN, "points");
        let points: Vec<Point> = raw.points.get_ref().iter().map(|point| reading.point(point)).collect();
        let rubric = Rubric::new(Arc::clone(shared), raw.sets, raw.about, raw.points.into_inner());
        if cues == When::Now
            && let Err(found) = rubric.read()
        {
            found.into_iter().for_each(|(place, what)| reading.wrong(place, what));
        }
        let (prompt, texts) = reading.texts(body, body_line);
        if !reading.mistakes.is_empty() {
            return Err(reading.mistakes);
        }
        let [why, covers, sample, tip, follow_ups] = texts;
        Ok(Question {
            id: id.to_string(),
            guide: raw.guide,
            kind: raw.kind,
            level: raw.level,
            minutes: raw.minutes,
            topics: raw.topics,
            drills: raw.drills.into_iter().map(Spanned::into_inner).collect(),
            points,
            rubric,
            prompt,
            why,
            covers,
            sample,
            tip,
            follow_ups: follow_ups.lines().filter_map(numbered).map(str::to_string).collect(),
        })
    }
}

impl Question {
    /// Whether it wants to hear what the speaker did once, and not what one would do.
    pub fn asks_for_a_story(&self) -> bool {
        self.kind == Kind::Behavioural && self.prompt.starts_with("Tell ")
    }
}

struct Reading<'r> {
    pack: &'r Folder,
    file: &'r str,
    front: &'r str,
    mistakes: Vec<Mistake>,
}

impl Reading<'_> {
    fn wrong(&mut self, place: Range<usize>, what: String) {
        // The first line of the file is the fence.
        let line = line_of(self.front, place.start) + 1;
        self.mistakes.push(self.pack.mistake(self.file, Some(line), what));
    }

    fn at_least<T>(&mut self, list: &Spanned<Vec<T>>, min: usize, what: &str) {
        let n = list.get_ref().len();
        if n < min {
            self.wrong(list.span(), format!("{n} {what}; write at least {min}"));
        }
    }

    fn point(&mut self, raw: &RawPoint) -> Point {
        let id = raw.id.get_ref().clone();
        if let Some(weight) = raw.weight.as_ref().filter(|weight| !(1..=2).contains(weight.get_ref())) {
            self.wrong(weight.span(), "a point's weight is 1 or 2".into());
        }
        if raw.says.trim().is_empty() || raw.probe.trim().is_empty() {
            self.wrong(raw.id.span(), format!("point `{id}` needs a text in `says` and in `probe`"));
        }
        self.at_least(&raw.met, 1, "cues in `met`");
        Point {
            id,
            level: raw.level,
            weight: raw.weight.as_ref().map_or(1, |weight| *weight.get_ref()),
            says: raw.says.clone(),
            probe: raw.probe.clone(),
        }
    }

    /// The prompt and the texts of the sections, in their order.
    fn texts(&mut self, body: &str, line: usize) -> (String, [String; 5]) {
        let prompt = heading(self.pack, self.file, body, line).map(str::to_string);
        let prompt = prompt.unwrap_or_else(|mistake| {
            self.mistakes.push(mistake);
            String::new()
        });
        let there = sections(body);
        for (at, title, _) in there.iter().filter(|(_, title, _)| !SECTIONS.contains(&title.as_str())) {
            let what = format!("`## {title}` is none of: {}", SECTIONS.join(", "));
            self.mistakes.push(self.pack.mistake(self.file, Some(line + at - 1), what));
        }
        let texts = SECTIONS.map(|wanted| {
            let found = there.iter().find(|(_, title, _)| title == wanted);
            found.map_or_else(String::new, |(_, _, text)| text.trim().to_string())
        });
        for (title, _) in SECTIONS.iter().zip(&texts).filter(|(_, text)| text.is_empty()) {
            let what = format!("the section `## {title}` is missing or empty; write it");
            self.mistakes.push(self.pack.mistake(self.file, None, what));
        }
        let follow_ups = texts[4].lines().filter_map(numbered).count();
        if !texts[4].is_empty() && follow_ups < FOLLOW_UPS_MIN {
            let what = format!(
                "{follow_ups} follow-up questions; write a numbered list of at least {FOLLOW_UPS_MIN}"
            );
            self.mistakes.push(self.pack.mistake(self.file, None, what));
        }
        (prompt, texts)
    }
}
