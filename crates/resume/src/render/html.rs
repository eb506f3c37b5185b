//! One HTML file: its style inside, no script, nothing fetched, fit to be printed.

use std::fmt::Write as _;

use super::heading;
use crate::inline::{Piece, pieces};
use crate::outline::{Entry, Field, Outline};

const STYLE: &str = "\
body{font:11pt/1.4 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}\
h1{margin:0;font-size:1.8rem}h2{font-size:1.1rem;border-bottom:1px solid #888;margin:1.4rem 0 .4rem}\
h3{font-size:1rem;margin:.8rem 0 0}p{margin:.2rem 0}ul{margin:.2rem 0;padding-left:1.2rem}\
a{color:inherit}.dates{color:#444}body,h1,h2,h3,p,li{overflow-wrap:anywhere}\
@media print{body{margin:0;max-width:none;padding:0}h2,h3{break-after:avoid}li,p{break-inside:avoid}@page{margin:18mm}}";

/// Writes it.
#[must_use]
pub fn html(outline: &Outline) -> String {
    let mut out = String::from("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    let name = escaped(&outline.name.text);
    let _ = write!(out, "<title>{name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<header>\n");
    let _ = writeln!(out, "<h1 dir=\"auto\">{name}</h1>");
    if let Some(label) = &outline.label {
        let _ = writeln!(out, "<p dir=\"auto\">{}</p>", inline(&label.text));
    }
    let contacts = outline.contacts.iter().map(contact);
    let links = outline.links.iter().map(|(url, shown)| link(&url.text, &escaped(shown)));
    let reach: Vec<String> = contacts.chain(links).collect();
    if !reach.is_empty() {
        let _ = writeln!(out, "<p>{}</p>", reach.join(" · "));
    }
    if let Some(summary) = &outline.summary {
        let _ = writeln!(out, "<p dir=\"auto\">{}</p>", inline(&summary.text));
    }
    out.push_str("</header>\n<main>\n");
    for section in &outline.sections {
        let _ = writeln!(out, "<section>\n<h2>{}</h2>", section.title);
        section.entries.iter().for_each(|it| entry(it, &mut out));
        out.push_str("</section>\n");
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn contact(field: &Field) -> String {
    match field.name.as_str() {
        "basics.email" => link(&format!("mailto:{}", field.text), &escaped(&field.text)),
        _ => format!("<span dir=\"auto\">{}</span>", escaped(&field.text)),
    }
}

fn entry(entry: &Entry, out: &mut String) {
    let names = heading(entry, inline);
    let names = match &entry.url {
        Some(url) => link(&url.text, &names),
        None => names,
    };
    let dates = match entry.dates.as_str() {
        "" => String::new(),
        dates => format!(" <span class=\"dates\">({})</span>", escaped(dates)),
    };
    let _ = writeln!(out, "<h3 dir=\"auto\">{names}{dates}</h3>");
    for text in &entry.texts {
        let _ = writeln!(out, "<p dir=\"auto\">{}</p>", inline(&text.text));
    }
    if !entry.words.is_empty() {
        let words: Vec<String> = entry.words.iter().map(|word| inline(&word.text)).collect();
        let _ = writeln!(out, "<p dir=\"auto\">{}</p>", words.join(", "));
    }
    if !entry.bullets.is_empty() {
        out.push_str("<ul>\n");
        for bullet in &entry.bullets {
            let _ = writeln!(out, "<li dir=\"auto\">{}</li>", inline(&bullet.text));
        }
        out.push_str("</ul>\n");
    }
}

fn inline(text: &str) -> String {
    fn write(pieces: &[Piece<'_>]) -> String {
        pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => escaped(text),
                Piece::Code(text) => format!("<code>{}</code>", escaped(text)),
                Piece::Strong(inner) => format!("<strong>{}</strong>", write(inner)),
                Piece::Emphasis(inner) => format!("<em>{}</em>", write(inner)),
                Piece::Link(inner, url) => link(url, &write(inner)),
            })
            .collect()
    }
    write(&pieces(text))
}

/// A link, if the address is one that cannot run anything.
fn link(url: &str, shown: &str) -> String {
    let address = match url.split_once(':') {
        Some((scheme, _)) if ["http", "https", "mailto", "tel"].contains(&scheme.to_lowercase().as_str()) => {
            url.into()
        }
        // `example.org/me`, without a scheme, with a port or not.
        _ if url.contains('.') && !url.split('/').next().is_some_and(|host| host.contains(':')) => {
            format!("https://{url}")
        }
        _ => return shown.to_string(),
    };
    format!("<a href=\"{}\" rel=\"noopener noreferrer\">{shown}</a>", escaped(&address))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
