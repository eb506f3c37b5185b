//! Papers, page counts, page breaks, and what a document says of itself.

use serde_json::json;
use typeset::{Paper, Template, Typesetter};

use crate::reading::Reading;
use crate::{pdf, read, samples};

#[test]
fn papers_have_their_sizes() {
    let mut typesetter = Typesetter::without_system_fonts();
    for (paper, width, height) in [(Paper::A4, 595.28, 841.89), (Paper::Letter, 612.0, 792.0)] {
        for template in Template::ALL {
            let made = typesetter.pdf(&samples::two_pages(), template, paper).expect("a PDF");
            for (wide, high) in Reading::of(&made.bytes).papers {
                assert!(
                    (wide - width).abs() < 0.1 && (high - height).abs() < 0.1,
                    "{template} {paper}: {wide} × {high}"
                );
            }
        }
    }
}

#[test]
fn samples_fill_the_pages_they_should() {
    for template in Template::ALL {
        let made = pdf(&samples::one_page(), template);
        assert_eq!((made.pages, made.warnings), (1, Vec::new()), "{template}");
        let made = pdf(&samples::two_pages(), template);
        assert!((1..=2).contains(&made.pages), "{template}: {}", made.pages);
    }
    assert_eq!(pdf(&samples::two_pages(), Template::Plain).pages, 2);
}

#[test]
fn two_hundred_entries_are_typeset_and_none_is_torn() {
    for (template, count) in Template::ALL.into_iter().zip([200, 60, 40]) {
        let reading = read(&samples::of_entries(count), template);
        for index in 0..count {
            let pages = ["Company", "Engineer", "line", "First", "Second", "Third"]
                .map(|part| reading.pages_with(&format!("{part}{index:03}")));
            assert!(
                pages.iter().all(|page| page.len() == 1 && *page == pages[0]),
                "{template}: {index} {pages:?}"
            );
        }
    }
}

#[test]
fn a_long_entry_may_be_torn_but_keeps_its_head() {
    let points: Vec<String> =
        (0..90).map(|index| format!("Point{index:03} {}", "of many words ".repeat(9))).collect();
    let filler = samples::of_entries(7);
    let mut resume = filler.clone();
    resume["projects"] = json!([{ "name": "Longproject", "startDate": "2020", "highlights": points }]);
    for template in Template::ALL {
        let reading = read(&resume, template);
        let head = reading.pages_with("Longproject");
        assert_eq!(head.len(), 1, "{template}");
        assert_eq!(reading.pages_with("Point000"), head, "{template}");
        assert_eq!(reading.pages_with("Projects"), head, "{template}");
        assert!(reading.pages_with("Point089") > head, "{template}");
    }
}

#[test]
fn the_same_resume_gives_the_same_bytes() {
    for template in Template::ALL {
        let first = pdf(&samples::two_pages(), template);
        let mut typesetter = Typesetter::without_system_fonts();
        for resume in [samples::one_page(), samples::of_entries(3)] {
            typesetter.pdf(&resume, template, Paper::Letter).expect("a PDF");
        }
        let again = typesetter.pdf(&samples::two_pages(), template, Paper::A4).expect("a PDF");
        assert!(first.bytes == again.bytes, "{template}");
    }
}

#[test]
fn the_document_says_whose_it_is_and_in_which_language() {
    let mut resume = samples::one_page();
    for (given, told) in [(None, "en"), (Some("pl"), "pl"), (Some("pt-BR"), "pt-BR"), (Some("#x"), "en")] {
        resume["meta"] = json!({ "language": given });
        let made = pdf(&resume, Template::Plain);
        let reading = Reading::of(&made.bytes);
        assert_eq!(reading.title.as_deref(), Some("Łucja Ferreira-Novák – Résumé"));
        assert_eq!(reading.author.as_deref(), Some("Łucja Ferreira-Novák"));
        assert_eq!(reading.language.as_deref(), Some(told));
        assert!(reading.tagged && !reading.dated);
        assert!(String::from_utf8_lossy(&made.bytes).contains("pdfuaid:part"), "it promises PDF/UA");
    }
}

#[test]
fn each_page_has_a_picture_that_needs_no_font_and_asks_for_nothing() {
    let mut typesetter = Typesetter::without_system_fonts();
    let made = typesetter.drawn(&samples::two_pages(), Template::Plain, Paper::Letter).expect("it is drawn");
    assert_eq!((made.pictures.len(), made.pdf.pages), (2, 2));
    for picture in &made.pictures {
        assert!(picture.starts_with("<svg") && picture.contains("width=\"612pt\""), "{picture:.300}");
        for bad in ["<text", "font-family", "<script", "<foreignObject", "<image", "style=", "url(http"] {
            assert!(!picture.contains(bad), "{bad}");
        }
    }
    let alone = typesetter.pdf(&samples::two_pages(), Template::Plain, Paper::Letter).expect("a PDF");
    assert_eq!(alone.bytes, made.pdf.bytes, "the pictures change nothing about the PDF");
}
