//! Whatever order a machine reads in, each word comes after the one before it, and dates stay with their entry.

use serde_json::{Value, json};
use typeset::Template;

use crate::{read, samples};

/// The words of each text of the sample that must follow each other without anything between them.
fn phrases(resume: &Value) -> Vec<String> {
    fn add(value: &Value, phrases: &mut Vec<String>) {
        match value {
            Value::String(text) => phrases.push(text.replace(['*', '`'], "")),
            Value::Array(items) => items.iter().for_each(|item| add(item, phrases)),
            Value::Object(members) => {
                let read_otherwise = ["url", "startDate", "endDate", "username", "network", "countryCode"];
                let members = members.iter().filter(|(name, _)| !read_otherwise.contains(&name.as_str()));
                members.for_each(|(_, member)| add(member, phrases));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    add(resume, &mut found);
    // A link's address is no text.
    found.retain(|phrase| !phrase.contains("]("));
    found
}

#[test]
fn every_word_is_read_in_both_orders() {
    for template in Template::ALL {
        for resume in [samples::one_page(), samples::two_pages()] {
            let reading = read(&resume, template);
            for (order, words) in [("content", reading.by_content()), ("layout", reading.by_layout())] {
                let text = words.join(" ");
                for phrase in phrases(&resume) {
                    assert!(text.contains(&phrase), "{template}, by {order}: {phrase:?} is not in {text}");
                }
            }
        }
    }
}

#[test]
fn both_orders_are_one() {
    for template in Template::ALL {
        let reading = read(&samples::two_pages(), template);
        assert_eq!(reading.by_content(), reading.by_layout(), "{template}");
    }
}

#[test]
fn dates_stand_beside_their_entry() {
    for template in Template::ALL {
        let lines = read(&samples::one_page(), template).lines();
        for (name, dates) in [
            ("Senior Backend Engineer", "Mar 2021 – present"),
            ("Blue Heron Logistics", "Jan 2018 – Feb 2021"),
            ("Oficina Aberta", "Sep 2016 – Dec 2017"),
            ("pg-slots", "May 2022 – present"),
            ("Universidade do Porto", "Sep 2011 – Jul 2016"),
        ] {
            let at =
                lines.iter().position(|line| line.contains(name) && !line.contains("github.com/lferreira |"));
            let at = at.unwrap_or_else(|| panic!("{template}: no line has {name}: {lines:#?}"));
            let beside = lines[at..lines.len().min(at + 2)].join(" ");
            assert!(
                beside.contains(dates),
                "{template}: {dates} is not on {name}'s line or under it: {beside}"
            );
        }
    }
}

#[test]
fn no_line_has_a_gap_that_looks_like_columns() {
    for template in Template::ALL {
        let (sizes, line) = read(&samples::two_pages(), template).widest_gap();
        assert!(sizes < 2.0, "{template}: {sizes:.1} sizes of the text are empty in {line:?}");
    }
}

#[test]
fn sections_are_headings_in_the_order_people_ask_for() {
    for template in Template::ALL {
        let lines = read(&samples::one_page(), template).lines();
        let sections = ["Experience", "Projects", "Education", "Skills", "Languages"];
        let places = sections.map(|section| lines.iter().position(|line| line == section));
        assert!(places.iter().all(Option::is_some), "{template}: {places:?} {lines:#?}");
        assert!(places.is_sorted(), "{template}: {places:?}");
    }
}

#[test]
fn links_lead_where_they_say() {
    for template in Template::ALL {
        let links = read(&samples::one_page(), template).links;
        for url in [
            "mailto:lucja@ferreira.example",
            "tel:+48555010199",
            "https://ferreira.example/",
            "https://github.com/lferreira",
            "https://tideway.example",
            "https://ferreira.example/ledger",
            "https://github.com/lferreira/pg-slots",
        ] {
            assert!(links.iter().any(|link| link == url), "{template}: {url} is not among {links:?}");
        }
    }
}

#[test]
fn every_section_of_json_resume_is_shown() {
    let resume = json!({
        "basics": { "name": "Ada" },
        "volunteer": [{ "organization": "Vorg", "position": "Vpos", "startDate": "2020", "summary": "Vsum", "highlights": ["Vhigh"] }],
        "education": [{ "institution": "Einst", "area": "Earea", "studyType": "Estudy", "score": 1.7, "courses": ["Ecourse1", "Ecourse2"] }],
        "awards": [{ "title": "Atitle", "date": "2014-11-01", "awarder": "Aawarder", "summary": "Asum" }],
        "certificates": [{ "name": "Cname", "date": "2021-11-07", "issuer": "Cissuer", "url": "https://c.example" }],
        "publications": [{ "name": "Pname", "publisher": "Ppub", "releaseDate": "2014-10-01", "url": "https://p.example", "summary": "Psum" }],
        "skills": [{ "name": "Sname", "level": "Slevel", "keywords": ["Skey"] }, "Sbare"],
        "languages": [{ "language": "Llang", "fluency": "Lfluency" }],
        "interests": [{ "name": "Iname", "keywords": ["Ikey"] }],
        "references": [{ "name": "Rname", "reference": "Rref" }],
        "projects": [{ "name": "Jname", "description": "Jdesc", "highlights": ["Jhigh"], "keywords": ["Jkey"], "roles": ["Jrole"], "entity": "Jentity", "type": "Jtype" }],
        "work": [{ "name": "Wname", "description": "Wdesc", "location": "Wloc", "position": "Wpos", "summary": "Wsum" }],
        "x-unknown": [{ "name": "Xname" }],
    });
    let expected = "Wname Wdesc Wloc Wpos Wsum Jname Jdesc Jhigh Jkey Jrole Jentity Jtype Vorg Vpos Vsum Vhigh 2020 Einst \
        Earea Estudy 1.7 Ecourse1 Ecourse2 Cname Cissuer Pname Ppub Psum p.example Atitle Aawarder Asum Sname Slevel Skey \
        Sbare Llang Lfluency Iname Ikey Rname Rref";
    for template in Template::ALL {
        let text = read(&resume, template).text();
        for word in expected.split_whitespace().chain(["Nov 2014", "Nov 2021", "Oct 2014"]) {
            assert!(text.contains(word), "{template}: {word} is not in {text}");
        }
        assert!(!text.contains("Xname"), "{template}");
    }
}
