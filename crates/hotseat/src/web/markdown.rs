//! Markdown from packs and learners as HTML that cannot do harm: no HTML of theirs, no other schemes.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

/// Markdown as HTML. Its headings begin at `<h{top}>`, so that a page's outline stays whole.
pub(super) fn to_html(markdown: &str, top: u8) -> String {
    let parser = Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let events = parser.flat_map(|event| reachable(harmless(event, top)));
    let mut text = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut text, events);
    text
}

/// A table that is wider than its page scrolls by itself, and who has no mouse gets to it.
fn reachable(event: Event<'_>) -> impl Iterator<Item = Event<'_>> {
    let html = |text| Some(Event::Html(CowStr::Borrowed(text)));
    let (before, after) = match &event {
        Event::Start(Tag::Table(_)) => (html("<div class=\"scroll\" tabindex=\"0\">"), None),
        Event::End(TagEnd::Table) => (None, html("</div>\n")),
        _ => (None, None),
    };
    [before, Some(event), after].into_iter().flatten()
}

fn harmless(event: Event<'_>, top: u8) -> Event<'_> {
    match event {
        // HTML is shown, never obeyed.
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Heading { level, .. }) => Event::Start(Tag::Heading {
            level: below(level, top),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below(level, top))),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url: address(dest_url), title, id })
        }
        // A picture would be a request to somewhere.
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url: address(dest_url), title, id })
        }
        Event::End(TagEnd::Image) => Event::End(TagEnd::Link),
        other => other,
    }
}

fn below(level: pulldown_cmark::HeadingLevel, top: u8) -> pulldown_cmark::HeadingLevel {
    let wanted = (level as usize + usize::from(top) - 1).min(6);
    wanted.try_into().unwrap_or(level)
}

/// Links lead to the web or stay here; `javascript:` and the like lead nowhere.
fn address(url: CowStr<'_>) -> CowStr<'_> {
    let lower = url.trim().to_ascii_lowercase();
    let scheme = lower.split(['/', '?', '#']).next().is_some_and(|head| head.contains(':'));
    match !scheme || ["https:", "http:", "mailto:"].iter().any(|fine| lower.starts_with(fine)) {
        true => url,
        false => CowStr::Borrowed("#"),
    }
}

/// What templates can do with a text.
#[expect(unreachable_pub, reason = "askama's attribute makes its items public")]
pub(super) mod filters {
    use askama::filters::{Html, Safe, escape};

    /// A line in which only `` `code` `` means something, as HTML.
    #[askama::filter_fn]
    pub fn coded(text: &str, _: &dyn askama::Values) -> askama::Result<Safe<String>> {
        let parts: Vec<&str> = text.split('`').collect();
        let mut html = String::with_capacity(text.len() + 16);
        for (index, part) in parts.iter().enumerate() {
            let part = escape(part, Html)?.to_string();
            match index % 2 == 1 && index + 1 < parts.len() {
                true => html.extend(["<code>", &part, "</code>"]),
                false if index % 2 == 1 => html.extend(["`", &part]),
                false => html.push_str(&part),
            }
        }
        Ok(Safe(html))
    }
}

#[cfg(test)]
mod tests {
    use super::{filters, to_html};
    use proptest::prelude::*;

    #[test]
    fn a_line_has_code_and_nothing_else() {
        #[derive(askama::Template)]
        #[template(source = "{{ text|coded }}", ext = "html")]
        struct Line<'a> {
            text: &'a str,
        }
        let html = |text| askama::Template::render(&Line { text }).expect("a line");
        assert_eq!(html("told `Retry-After: 1` <b>"), "told <code>Retry-After: 1</code> &#60;b&#62;");
        assert_eq!(html("a ` b `<i>`"), "a <code> b </code>&#60;i&#62;`");
    }

    #[test]
    fn headings_begin_where_the_page_has_room() {
        assert_eq!(to_html("# One\n## Two", 2), "<h2>One</h2>\n<h3>Two</h3>\n");
    }

    #[test]
    fn markup_of_others_is_shown_and_not_obeyed() {
        let html = to_html("<script>alert(1)</script>\n\na <img src=x onerror=alert(1)> b", 1);
        assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
        assert!(html.contains("&lt;script&gt;"), "{html}");
    }

    #[test]
    fn links_that_run_code_lead_nowhere() {
        for bad in
            ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", " javascript:x"]
        {
            let html = to_html(&format!("[a](<{bad}>)"), 1);
            assert!(html.contains("href=\"#\""), "{bad}: {html}");
        }
        assert!(
            to_html("[a](https://www.postgresql.org/docs/)", 1).contains("href=\"https://www.postgresql.org")
        );
        assert!(to_html("[a](/drills/slow-query)", 1).contains("href=\"/drills/slow-query\""));
        assert!(!to_html("![a](https://tracker.example/x.png)", 1).contains("<img"));
    }

    #[test]
    fn a_wide_table_is_reached_without_a_mouse() {
        let html = to_html("|a|\n|-|\n|1|\n", 1);
        assert!(html.starts_with("<div class=\"scroll\" tabindex=\"0\"><table>"), "{html}");
        assert!(html.trim_end().ends_with("</table>\n</div>"), "{html}");
    }

    proptest! {
        #[test]
        fn no_text_brings_an_element_that_markdown_does_not_make(text in "[ -~\n]{0,200}") {
            let html = to_html(&text, 1).to_lowercase();
            for bad in ["<script", "<img", "<iframe", "<style", "<svg", "<form", "<input", "<object"] {
                prop_assert!(!html.contains(bad), "{html}");
            }
        }
    }
}
