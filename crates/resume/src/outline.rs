//! What a résumé shows to others, section by section: the one order that all renderings but the PDF
//! share, and the list of fields that a PDF is held against.

use serde_json::Value;

use crate::date::span;
use crate::document::{list, texts};

/// A text with its place in the public résumé.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Such as `work[0].position`.
    pub name: String,
    /// With inline Markdown.
    pub text: String,
}

/// A job, a school, a skill.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Such as `work[0]`.
    pub name: String,
    /// What it is called, the most telling first.
    pub heads: Vec<Field>,
    /// For people: `Apr 2021 – present`; empty without dates.
    pub dates: String,
    /// The dates as the source has them, each with its field.
    pub days: Vec<Field>,
    /// Where to read more.
    pub url: Option<Field>,
    /// Paragraphs.
    pub texts: Vec<Field>,
    /// Bullets.
    pub bullets: Vec<Field>,
    /// Words in a row, such as a skill's.
    pub words: Vec<Field>,
}

/// A section with its entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its key in JSON Resume.
    pub key: &'static str,
    /// For people.
    pub title: &'static str,
    /// In the order of the source.
    pub entries: Vec<Entry>,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Name, label, and how to reach them.
    pub name: Field,
    /// What they are; none, if they do not say.
    pub label: Option<Field>,
    /// E-mail, telephone, place.
    pub contacts: Vec<Field>,
    /// Web addresses, each with what it is called.
    pub links: Vec<(Field, String)>,
    /// The paragraph at the top.
    pub summary: Option<Field>,
    /// The others, those with nothing in them left out.
    pub sections: Vec<Section>,
}

/// Of a section: its key and title, the fields that name an entry, its paragraphs, its words.
type Shape =
    (&'static str, &'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

const SHAPES: [Shape; 11] = [
    ("work", "Experience", &["position", "name", "location"], &["description", "summary"], &["keywords"]),
    (
        "projects",
        "Projects",
        &["name", "entity", "type"],
        &["description", "summary"],
        &["roles", "keywords"],
    ),
    ("volunteer", "Volunteering", &["position", "organization", "location"], &["summary"], &["keywords"]),
    (
        "education",
        "Education",
        &["studyType", "area", "institution", "location"],
        &["summary"],
        &["score", "courses"],
    ),
    ("skills", "Skills", &["name", "level"], &[], &["keywords"]),
    ("certificates", "Certificates", &["name", "issuer"], &[], &[]),
    ("publications", "Publications", &["name", "publisher"], &["summary"], &[]),
    ("awards", "Awards", &["title", "awarder"], &["summary"], &[]),
    ("languages", "Languages", &["language", "fluency"], &[], &[]),
    ("interests", "Interests", &["name"], &[], &["keywords"]),
    ("references", "References", &["name"], &["reference"], &[]),
];

impl Outline {
    /// Of a public résumé, as `Resume::public` gives it.
    #[must_use]
    pub fn of(public: &Value) -> Outline {
        let basics = &public["basics"];
        let field = |key: &str| text(basics, "basics", key);
        let place = &basics["location"];
        let city: Vec<String> = ["address", "postalCode", "city", "region", "countryCode"]
            .iter()
            .filter_map(|key| text(place, "basics.location", key).map(|it| it.text))
            .collect();
        let mut contacts: Vec<Field> = ["email", "phone"].iter().filter_map(|key| field(key)).collect();
        if !city.is_empty() {
            contacts.push(Field { name: "basics.location".into(), text: city.join(", ") });
        }
        let mut links: Vec<(Field, String)> = Vec::new();
        links.extend(field("url").map(|url| (url.clone(), bare(&url.text))));
        for (index, profile) in list(basics, "profiles").iter().enumerate() {
            let at = format!("basics.profiles[{index}]");
            let called = ["username", "network"].iter().find_map(|key| text(profile, &at, key));
            let network = text(profile, &at, "network").map_or(String::new(), |it| it.text);
            match text(profile, &at, "url") {
                Some(url) => {
                    let shown = if network.is_empty() {
                        bare(&url.text)
                    } else {
                        format!("{network}: {}", bare(&url.text))
                    };
                    links.push((url, shown));
                }
                None => {
                    contacts.extend(called.map(|it| Field { text: format!("{network} {}", it.text), ..it }))
                }
            }
        }
        let name = field("name").unwrap_or(Field { name: "basics.name".into(), text: String::new() });
        let sections = SHAPES.iter().map(|shape| section(public, shape));
        let sections = sections.filter(|section| !section.entries.is_empty()).collect();
        Outline { name, label: field("label"), contacts, links, summary: field("summary"), sections }
    }
}

fn section(public: &Value, (key, title, heads, paragraphs, words): &Shape) -> Section {
    let entries = list(public, key).iter().enumerate().map(|(index, item)| {
        let name = format!("{key}[{index}]");
        let field = |key: &&str| text(item, &name, key);
        let day = |key: &str| item.get(key).and_then(Value::as_str).filter(|it| !it.is_empty());
        let days = ["startDate", "endDate", "date", "releaseDate"];
        let single = day("date").or(day("releaseDate"));
        let many = |key: &str| {
            let one = item[key].as_str().map(str::to_owned);
            let of = one.into_iter().chain(texts(&item[key])).enumerate();
            of.filter(|(_, it)| !it.trim().is_empty())
                .map(|(at, text)| Field { name: format!("{name}.{key}[{at}]"), text })
                .collect::<Vec<_>>()
        };
        Entry {
            heads: heads.iter().filter_map(field).collect(),
            dates: single.map_or_else(|| span(day("startDate"), day("endDate")), |it| span(None, Some(it))),
            days: days.iter().filter_map(field).collect(),
            url: text(item, &name, "url"),
            texts: paragraphs.iter().filter_map(field).collect(),
            bullets: many("highlights"),
            words: words.iter().flat_map(|key| many(key)).collect(),
            name,
        }
    });
    Section { key, title, entries: entries.collect() }
}

fn text(value: &Value, at: &str, key: &str) -> Option<Field> {
    let text = value.get(key)?.as_str().filter(|text| !text.trim().is_empty())?;
    Some(Field { name: format!("{at}.{key}"), text: text.to_string() })
}

/// An address as people read it.
pub(crate) fn bare(url: &str) -> String {
    let url = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or(url);
    url.strip_prefix("mailto:").unwrap_or(url).trim_end_matches('/').to_string()
}
