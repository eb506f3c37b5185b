//! Small PDFs made by hand: what stands where, what means nothing, and what wants to do harm.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use proptest::prelude::*;

use super::cmap::CMap;
use super::{ReadingError, read, text};

/// A one-page PDF with Helvetica and this content, and a link.
fn pdf(content: &[u8], filter: &str) -> Vec<u8> {
    let stream =
        [format!("<< /Length {} {filter} >>\nstream\n", content.len()).as_bytes(), content, b"\nendstream"]
            .concat();
    let objects: [&[u8]; 6] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots [6 0 R] \
          /Resources << /Font << /F1 5 0 R >> >> >>",
        &stream,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://example.org/) >> >>",
    ];
    let mut out = b"%PDF-1.5\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(out.len());
        writeln!(out, "{number} 0 obj").expect("memory takes it");
        out.extend_from_slice(object);
        out.extend_from_slice(b"\nendobj\n");
    }
    let start = out.len();
    write!(out, "xref\n0 7\n0000000000 65535 f \n").expect("memory takes it");
    for place in places {
        writeln!(out, "{place:010} 00000 n ").expect("memory takes it");
    }
    write!(out, "trailer << /Size 7 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").expect("memory takes it");
    out
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).expect("memory takes it");
    packer.finish().expect("memory takes it")
}

#[test]
fn two_orders_are_read() {
    let page = b"BT /F1 10 Tf 1 0 0 1 400 700 Tm (Jan 2020) Tj ET\n\
                 BT /F1 10 Tf 1 0 0 1 50 700 Tm (Engineer) Tj ET\n\
                 BT /F1 10 Tf 1 0 0 1 50 688 Tm (Cut blocks) Tj ET";
    let reading = read(&pdf(page, "")).expect("it is one");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(words(&reading.content_order), "Jan 2020 Engineer Cut blocks");
    // A date in a column of its own comes after all that stands beside it.
    assert_eq!(words(&reading.layout_order), "Engineer Cut blocks Jan 2020");
    assert_eq!((reading.pages, reading.links), (1, vec!["https://example.org/".to_string()]));
    assert_eq!(
        text(&pdf(&packed(page), "/Filter /FlateDecode")).map(|it| words(&it)),
        Ok("Engineer Cut blocks Jan 2020".into())
    );
}

#[test]
fn moves_within_a_text_are_followed() {
    let page = b"BT /F1 10 Tf 12 TL 50 700 Td (One) Tj T* (Two) Tj [(Thr) -20 (ee) -900 (four)] TJ ET";
    let layout = text(&pdf(page, "")).expect("it is one");
    assert!(layout.contains("One\nTwoThree four"), "{layout}");
}

#[test]
fn what_means_nothing_is_told() {
    let reading = read(&pdf(b"BT /F1 10 Tf 50 700 Td (Ab\\001c) Tj ET", "")).expect("it is one");
    assert_eq!(reading.unmapped.len(), 1);
    assert_eq!((reading.unmapped[0].page, reading.unmapped[0].after.as_str()), (1, "Ab"));
}

#[test]
fn what_unpacks_to_too_much_is_refused() {
    let bomb = packed(&vec![b' '; 120 * 1024 * 1024]);
    assert!(bomb.len() < 200_000);
    assert!(matches!(read(&pdf(&bomb, "/Filter /FlateDecode")), Err(ReadingError::Bomb { .. })));
    let twice = packed(&bomb);
    let refused = read(&pdf(&twice, "/Filter [/FlateDecode /FlateDecode]"));
    assert!(matches!(refused, Err(ReadingError::Bomb { .. })), "{refused:?}");
    assert!(matches!(read(&pdf(b"x", "/Filter /LZWDecode")), Err(ReadingError::Packing("LZW"))));
}

#[test]
fn what_is_no_pdf_is_refused() {
    for bytes in [&b""[..], b"%PDF-", b"hello", &[0; 1000]] {
        assert!(matches!(read(bytes), Err(ReadingError::Damaged(_))), "{bytes:?}");
    }
    assert!(matches!(read(&vec![0; 11 * 1024 * 1024]), Err(ReadingError::TooLarge { .. })));
}

#[test]
fn a_form_that_draws_itself_ends() {
    let mut loops =
        String::from_utf8(pdf(b"BT /F1 10 Tf 50 700 Td (x) Tj ET /X Do", "")).expect("it is text");
    loops = loops.replace("/Font << /F1 5 0 R >>", "/Font << /F1 5 0 R >> /XObject << /X 4 0 R >>");
    loops = loops.replace("<< /Length", "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length");
    assert!(text(loops.as_bytes()).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_damaged_pdf_ends_one_way_or_the_other(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..30),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = pdf(b"q 1 0 0 1 0 0 cm BT /F1 10 Tf 50 700 Td (Hello) Tj [(a) -5 (b)] TJ ET Q", "");
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if cut.index(4) == 0 {
            let end = cut.index(bytes.len());
            bytes.truncate(end);
        }
        let _ = read(&bytes);
    }

    #[test]
    fn any_content_ends(content in prop::collection::vec(
        prop::sample::select(vec!["q", "Q", "BT", "ET", "/F1 9 Tf", "/F1 1e30 Tf", "(x) Tj", "[(a) 1e9 (b)] TJ", "1 0 0 1 9 9 Tm",
            "0 0 0 0 0 0 Tm", "1e38 0 0 1e38 0 0 cm", "T*", "-1 TL", "<ff> Tj", "/X Do", "(", "<<", "]", "9 9 9"]), 0..60)) {
        let _ = read(&pdf(content.join(" ").as_bytes(), ""));
    }

    #[test]
    fn any_cmap_is_read(text in prop::collection::vec(any::<u8>(), 0..200), low in any::<u16>(), high in any::<u32>()) {
        CMap::read(&text);
        let range = format!("1 beginbfrange <{low:04x}> <{high:08x}> <0041> endbfrange");
        let map = CMap::read(range.as_bytes());
        prop_assert!(u32::from(low) > high || map.letters(u32::from(low)) == Some("A"));
    }
}
