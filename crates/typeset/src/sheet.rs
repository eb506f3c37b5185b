//! What a template lays out: a head, and sections of entries or lines. Its JSON is the templates' only input.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use crate::field::Field;
use crate::sections::{self, Section};
use crate::writing::{Line, Writer};
use crate::{Paper, TEXT_BYTES_MAX, TypesetError};

/// A résumé ready for a template, and what was noticed on the way.
pub(crate) struct Sheet {
    pub(crate) json: Vec<u8>,
    pub(crate) characters: BTreeSet<char>,
    pub(crate) warnings: Vec<String>,
}

#[derive(Serialize)]
struct Page {
    paper: &'static str,
    /// The document's title and author, as a viewer and a screen reader tell them.
    title: String,
    author: Option<String>,
    language: String,
    region: Option<String>,
    rtl: bool,
    name: Option<Line>,
    label: Option<Line>,
    contacts: Vec<Line>,
    summary: Vec<Line>,
    sections: Vec<Section>,
}

impl Sheet {
    pub(crate) fn read(resume: &Value, paper: Paper) -> Result<Sheet, TypesetError> {
        if !resume.is_object() {
            return Err(TypesetError::NotAnObject);
        }
        let root = Field::root(resume);
        let basics = root.get("basics");
        let mut writer = Writer::default();
        let (language, region) = language(&root);
        let author = basics.get("name").text().map(|name| single_line(&name));
        let mut page = Page {
            paper: paper.typst(),
            title: author.as_ref().map_or_else(|| "Résumé".to_owned(), |name| format!("{name} – Résumé")),
            author,
            language,
            region,
            rtl: false,
            name: writer.line(&basics.get("name")),
            label: writer.line(&basics.get("label")),
            contacts: contacts(&basics, &mut writer),
            summary: writer.paragraphs(&basics.get("summary")),
            sections: sections::all(&root, &mut writer),
        };
        page.rtl = writer.rightward < 0;
        if writer.bytes > TEXT_BYTES_MAX {
            return Err(TypesetError::TooMuchText { bytes: writer.bytes, bytes_max: TEXT_BYTES_MAX });
        }
        let json = serde_json::to_vec(&page).map_err(|error| TypesetError::Layout(error.to_string()))?;
        Ok(Sheet { json, characters: writer.characters, warnings: writer.warnings })
    }
}

fn single_line(text: &str) -> String {
    let visible = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `meta.language` (BCP 47), for screen readers and for the shapes of letters; English where there is none.
fn language(root: &Field<'_>) -> (String, Option<String>) {
    let letters = |tag: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    let tag = root.get("meta").get("language").text().unwrap_or_default();
    let mut parts = tag.split(['-', '_']);
    match parts.next().filter(|language| letters(language, 2..=3)) {
        Some(language) => {
            let region = parts.find(|part| letters(part, 2..=2)).map(str::to_uppercase);
            (language.to_lowercase(), region)
        }
        None => ("en".to_owned(), None),
    }
}

/// How to reach the person, most used first.
fn contacts(basics: &Field<'_>, writer: &mut Writer) -> Vec<Line> {
    let mut contacts = Vec::new();
    let email = basics.get("email");
    if let Some(address) = email.text() {
        let url = writer.url(&format!("mailto:{}", address.trim()), &email);
        contacts.extend(writer.plain(&address, &email).map(|line| line.linked(url.as_deref())));
    }
    let phone = basics.get("phone");
    if let Some(number) = phone.text() {
        let digits: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        let url = (digits.len() > 3).then(|| format!("tel:{digits}"));
        contacts.extend(writer.plain(&number, &phone).map(|line| line.linked(url.as_deref())));
    }
    contacts.extend(location(&basics.get("location"), writer));
    contacts.extend(address(&basics.get("url"), writer));
    for profile in basics.get("profiles").items() {
        let (network, url) = (profile.get("network"), profile.get("url"));
        let told = url.text().unwrap_or_default().to_lowercase();
        // "github.com/ada" says "GitHub" already.
        let said = network.text().is_some_and(|network| told.contains(&network.trim().to_lowercase()));
        let network = if said { None } else { writer.line(&network) };
        let account = address(&url, writer).or_else(|| writer.line(&profile.get("username")));
        contacts.extend(Line::joined(network.into_iter().chain(account), ": "));
    }
    contacts
}

fn location(location: &Field<'_>, writer: &mut Writer) -> Option<Line> {
    let mut part = |name: &str| writer.line(&location.get(name));
    let street = part("address");
    let town = Line::joined(part("postalCode").into_iter().chain(part("city")).collect::<Vec<_>>(), " ");
    let parts = [street, town, part("region"), part("countryCode")];
    Line::joined(parts.into_iter().flatten(), ", ").or_else(|| writer.line(location))
}

/// A web address as a person reads it, leading to where it leads.
pub(crate) fn address(field: &Field<'_>, writer: &mut Writer) -> Option<Line> {
    let written = field.text()?;
    let short = written.trim();
    let short = short.strip_prefix("https://").or_else(|| short.strip_prefix("http://")).unwrap_or(short);
    let short = short.trim_end_matches('/');
    let url = writer.url(&written, field);
    writer.plain(short, field).map(|line| line.linked(url.as_deref()))
}
