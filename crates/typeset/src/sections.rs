//! JSON Resume's sections, brought into one shape: each is a list of entries or of lines.

use serde::Serialize;

use crate::dates;
use crate::field::Field;
use crate::sheet::address;
use crate::writing::{Line, Writer};

/// An entry of fewer characters stays on one page.
const KEPT_CHARS_MAX: usize = 900;

#[derive(Serialize)]
pub(crate) struct Section {
    title: &'static str,
    entries: Vec<Entry>,
    lines: Vec<Labelled>,
}

/// Something done somewhere for a while.
#[derive(Default, Serialize)]
struct Entry {
    title: Option<Line>,
    organisation: Option<Line>,
    place: Option<Line>,
    dates: Option<Line>,
    link: Option<Line>,
    paragraphs: Vec<Line>,
    points: Vec<Line>,
    notes: Vec<Labelled>,
    /// It is short enough to stay on one page.
    keep: bool,
}

/// A line with a word before it, such as "Databases: PostgreSQL, Redis".
#[derive(Serialize)]
struct Labelled {
    label: Option<Line>,
    text: Option<Line>,
}

/// All sections that hold anything, most asked for first.
pub(crate) fn all(root: &Field<'_>, writer: &mut Writer) -> Vec<Section> {
    let mut sections = vec![
        entries("Experience", &root.get("work"), writer, work),
        entries("Projects", &root.get("projects"), writer, project),
        entries("Volunteering", &root.get("volunteer"), writer, volunteer),
        entries("Education", &root.get("education"), writer, education),
        lines("Skills", &root.get("skills"), writer, skill),
        entries("Certificates", &root.get("certificates"), writer, certificate),
        entries("Publications", &root.get("publications"), writer, publication),
        entries("Awards", &root.get("awards"), writer, award),
        languages(&root.get("languages"), writer),
        lines("Interests", &root.get("interests"), writer, interest),
        entries("References", &root.get("references"), writer, reference),
    ];
    sections.retain(|section| !section.entries.is_empty() || !section.lines.is_empty());
    sections
}

type Read<T> = fn(&Field<'_>, &mut Writer) -> T;

fn entries(title: &'static str, field: &Field<'_>, writer: &mut Writer, read: Read<Entry>) -> Section {
    let entries = field.items().iter().filter_map(|item| read(item, writer).finished()).collect();
    Section { title, entries, lines: Vec::new() }
}

fn lines(title: &'static str, field: &Field<'_>, writer: &mut Writer, read: Read<Labelled>) -> Section {
    let some = |line: &Labelled| line.label.is_some() || line.text.is_some();
    let lines = field.items().iter().map(|item| read(item, writer)).filter(some).collect();
    Section { title, entries: Vec::new(), lines }
}

/// Languages on one line, for there is little to say about each.
fn languages(field: &Field<'_>, writer: &mut Writer) -> Section {
    let mut spoken = Vec::new();
    for language in field.items() {
        let (name, fluency) = (writer.line(&language.get("language")), writer.line(&language.get("fluency")));
        spoken.extend(match (name, fluency) {
            (Some(name), Some(fluency)) => Line::joined([name, fluency.between("(", ")")], " "),
            (name, fluency) => name.or(fluency).or_else(|| writer.line(&language)),
        });
    }
    let line = Line::joined(spoken, ", ").map(|text| Labelled { label: None, text: Some(text) });
    Section { title: "Languages", entries: Vec::new(), lines: line.into_iter().collect() }
}

impl Entry {
    /// Whether it is short, and whether there is anything at all. Without a title, the next best stands first.
    fn finished(mut self) -> Option<Entry> {
        if self.title.is_none() {
            let next_best = [&mut self.organisation, &mut self.place, &mut self.dates, &mut self.link]
                .into_iter()
                .find(|it| it.is_some());
            self.title = next_best.and_then(Option::take);
        }
        let head = [&self.title, &self.organisation, &self.place, &self.dates, &self.link];
        let notes = self.notes.iter().filter_map(|note| note.text.as_ref());
        let body = self.paragraphs.iter().chain(&self.points).chain(notes);
        let lines: Vec<&Line> = head.into_iter().flatten().chain(body).collect();
        self.keep = lines.iter().map(|line| line.chars()).sum::<usize>() <= KEPT_CHARS_MAX;
        let any = !lines.is_empty();
        any.then_some(self)
    }
}

fn work(job: &Field<'_>, writer: &mut Writer) -> Entry {
    let mut entry = held(job, writer, "name");
    entry.paragraphs.splice(0..0, writer.paragraphs(&job.get("description")));
    entry
}

fn volunteer(post: &Field<'_>, writer: &mut Writer) -> Entry {
    held(post, writer, "organization")
}

/// A position with an employer or an organisation.
fn held(post: &Field<'_>, writer: &mut Writer, organisation: &str) -> Entry {
    Entry {
        title: writer.line(&post.get("position")),
        organisation: linked(&post.get(organisation), &post.get("url"), writer),
        place: writer.line(&post.get("location")),
        dates: span(post, writer),
        paragraphs: writer.paragraphs(&post.get("summary")),
        points: points(&post.get("highlights"), writer),
        notes: notes(writer, &[("Keywords", post.get("keywords"))]),
        ..Entry::default()
    }
}

fn project(project: &Field<'_>, writer: &mut Writer) -> Entry {
    let about = [project.get("entity"), project.get("type"), project.get("roles")];
    let about: Vec<Line> = about.iter().filter_map(|field| listed(field, writer)).collect();
    let mut paragraphs = writer.paragraphs(&project.get("description"));
    paragraphs.extend(writer.paragraphs(&project.get("summary")));
    Entry {
        title: writer.line(&project.get("name")),
        organisation: Line::joined(about, ", "),
        dates: span(project, writer),
        link: address(&project.get("url"), writer),
        paragraphs,
        points: points(&project.get("highlights"), writer),
        notes: notes(writer, &[("Built with", project.get("keywords"))]),
        ..Entry::default()
    }
}

fn education(school: &Field<'_>, writer: &mut Writer) -> Entry {
    let degree = [school.get("studyType"), school.get("area")];
    Entry {
        title: Line::joined(degree.iter().filter_map(|field| writer.line(field)).collect::<Vec<_>>(), ", "),
        organisation: linked(&school.get("institution"), &school.get("url"), writer),
        place: writer.line(&school.get("location")),
        dates: span(school, writer),
        paragraphs: writer.paragraphs(&school.get("summary")),
        points: points(&school.get("highlights"), writer),
        notes: notes(writer, &[("Score", school.get("score")), ("Courses", school.get("courses"))]),
        ..Entry::default()
    }
}

fn certificate(certificate: &Field<'_>, writer: &mut Writer) -> Entry {
    Entry {
        title: linked(&certificate.get("name"), &certificate.get("url"), writer),
        organisation: writer.line(&certificate.get("issuer")),
        dates: date(&certificate.get("date"), writer),
        ..Entry::default()
    }
}

fn award(award: &Field<'_>, writer: &mut Writer) -> Entry {
    Entry {
        title: linked(&award.get("title"), &award.get("url"), writer),
        organisation: writer.line(&award.get("awarder")),
        dates: date(&award.get("date"), writer),
        paragraphs: writer.paragraphs(&award.get("summary")),
        ..Entry::default()
    }
}

fn publication(publication: &Field<'_>, writer: &mut Writer) -> Entry {
    Entry {
        title: writer.line(&publication.get("name")),
        organisation: writer.line(&publication.get("publisher")),
        dates: date(&publication.get("releaseDate"), writer),
        link: address(&publication.get("url"), writer),
        paragraphs: writer.paragraphs(&publication.get("summary")),
        ..Entry::default()
    }
}

fn reference(reference: &Field<'_>, writer: &mut Writer) -> Entry {
    Entry {
        title: writer.line(&reference.get("name")),
        paragraphs: writer.paragraphs(&reference.get("reference")),
        ..Entry::default()
    }
}

fn skill(skill: &Field<'_>, writer: &mut Writer) -> Labelled {
    let name = writer.line(&skill.get("name"));
    let level = writer.line(&skill.get("level"));
    let label = match (name, level) {
        (Some(name), Some(level)) => Line::joined([name, level.between("(", ")")], " "),
        (name, level) => name.or(level),
    };
    let text = listed(&skill.get("keywords"), writer).or_else(|| writer.line(skill));
    Labelled { label, text }
}

fn interest(interest: &Field<'_>, writer: &mut Writer) -> Labelled {
    let text = listed(&interest.get("keywords"), writer).or_else(|| writer.line(interest));
    Labelled { label: writer.line(&interest.get("name")), text }
}

fn linked(text: &Field<'_>, url: &Field<'_>, writer: &mut Writer) -> Option<Line> {
    let leads_to = url.text().and_then(|written| writer.url(&written, url));
    // An address without a name is shown itself, so that it is not lost.
    match writer.line(text) {
        Some(line) => Some(line.linked(leads_to.as_deref())),
        None => address(url, writer),
    }
}

fn span(entry: &Field<'_>, writer: &mut Writer) -> Option<Line> {
    let (start, end) = (entry.get("startDate"), entry.get("endDate"));
    let span = dates::span(start.text().as_deref(), end.text().as_deref())?;
    writer.plain(&span, &start)
}

fn date(field: &Field<'_>, writer: &mut Writer) -> Option<Line> {
    writer.plain(&dates::date(&field.text()?), field)
}

fn points(field: &Field<'_>, writer: &mut Writer) -> Vec<Line> {
    field.items().iter().filter_map(|point| writer.line(point)).collect()
}

fn listed(field: &Field<'_>, writer: &mut Writer) -> Option<Line> {
    Line::joined(points(field, writer), ", ")
}

fn notes(writer: &mut Writer, fields: &[(&str, Field<'_>)]) -> Vec<Labelled> {
    let note = |(label, field): &(&str, Field<'_>)| {
        let text = listed(field, writer)?;
        Some(Labelled { label: writer.plain(label, field), text: Some(text) })
    };
    fields.iter().filter_map(note).collect()
}
