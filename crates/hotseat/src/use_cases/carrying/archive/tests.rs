use proptest::prelude::*;

use super::*;

const SMALL: Limits = Limits { bytes: 64 * 1024, entries: 20 };

/// One entry, named as it is, whatever the crate thinks of the name.
fn entry(to: &mut Vec<u8>, kind: EntryType, name: &str, text: &[u8]) {
    let mut header = Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_mode(0o644);
    header.set_size(text.len() as u64);
    if matches!(kind, EntryType::Symlink | EntryType::Link) {
        header.set_link_name_literal("/etc/passwd").expect("it is short");
    }
    header.set_cksum();
    to.extend_from_slice(header.as_bytes());
    to.extend_from_slice(text);
    to.resize(to.len().next_multiple_of(512), 0);
}

fn file(to: &mut Vec<u8>, name: &str, text: &[u8]) {
    entry(to, EntryType::Regular, name, text);
}

/// Unpacks into a folder beside which nothing may appear.
fn taken(archive: &[u8]) -> (Result<PathBuf, String>, Vec<String>) {
    let outer = tempfile::tempdir().expect("a folder can be made");
    let into = outer.path().join("in");
    fs::create_dir(&into).expect("it is new");
    let unpacked = unpack(archive, &into, SMALL).map_err(|failure| failure.what().to_string());
    let unpacked = unpacked.map(|dir| dir.strip_prefix(&into).expect("it lies inside").to_path_buf());
    let beside = fs::read_dir(outer.path()).expect("it is there").flatten();
    (unpacked, beside.map(|it| it.file_name().to_string_lossy().into_owned()).collect())
}

#[track_caller]
fn refuses(archive: &[u8], words: &str) {
    let (unpacked, beside) = taken(archive);
    let why = unpacked.expect_err("it is hostile");
    assert!(why.contains(words), "{why}");
    assert_eq!(beside, ["in"]);
}

#[test]
fn a_folder_comes_back_as_it_was() {
    let outer = tempfile::tempdir().expect("a folder can be made");
    let long = format!("answers/{}/2026-11-24-{}.md", "q".repeat(60), "0".repeat(32));
    let dir = outer.path().join("hotseat-export-2026-11-24");
    for (name, text) in [("manifest.json", "{}"), (&long, "an answer"), ("answers/x/empty.md", "")] {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }
    let mut archive = Vec::new();
    pack(&dir, &mut archive).expect("it is packed");
    let mut again = Vec::new();
    pack(&dir, &mut again).expect("it is packed");
    assert!(archive == again, "the same folder, the same archive");
    let into = tempfile::tempdir().expect("a folder can be made");
    let back = unpack(&archive[..], into.path(), SMALL).expect("it is ours");
    assert_eq!(fs::read_to_string(back.join(&long)).expect("it is there"), "an answer");
    assert_eq!(fs::read_to_string(back.join("answers/x/empty.md")).expect("it is there"), "");
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    for name in ["../evil", "/tmp/evil", "a/../../evil", "a/b/../../../evil", "./../evil"] {
        let mut archive = Vec::new();
        file(&mut archive, "manifest.json", b"{}");
        file(&mut archive, name, b"evil");
        refuses(&archive, "leads out of the folder");
        let mut long = Vec::new();
        entry(&mut long, EntryType::GNULongName, "././@LongLink", format!("{name}\0").as_bytes());
        file(&mut long, "harmless", b"evil");
        refuses(&long, "leads out of the folder");
        let mut pax = Vec::new();
        let record = format!(" path={name}\n");
        let record = format!("{}{record}", record.len() + 2);
        entry(&mut pax, EntryType::XHeader, "pax", record.as_bytes());
        file(&mut pax, "harmless", b"evil");
        assert!(taken(&pax).0.is_err(), "{record}");
    }
}

#[test]
fn what_is_no_plain_file_is_refused() {
    use EntryType::{Block, Char, Fifo, GNUSparse, Link, Symlink};
    for kind in [Symlink, Link, Char, Block, Fifo, GNUSparse] {
        let mut archive = Vec::new();
        entry(&mut archive, kind, "answers", b"");
        file(&mut archive, "answers/x.md", b"evil");
        let (unpacked, beside) = taken(&archive);
        assert!(unpacked.is_err(), "{kind:?}");
        assert_eq!(beside, ["in"]);
    }
}

#[test]
fn too_much_is_refused_before_it_is_written() {
    let mut large = Vec::new();
    file(&mut large, "manifest.json", &vec![b' '; 65 * 1024]);
    refuses(&large, "more than");
    let mut claims = Vec::new();
    file(&mut claims, "manifest.json", b"");
    claims[124..136].copy_from_slice(b"77777777777\0");
    let mut header = Header::from_byte_slice(&claims[..512]).clone();
    header.set_cksum();
    refuses(header.as_bytes(), "more than");
    let mut many = Vec::new();
    (0..21).for_each(|number| file(&mut many, &format!("answers/{number}.md"), b""));
    refuses(&many, "more than");
    let mut name = Vec::new();
    entry(&mut name, EntryType::GNULongName, "././@LongLink", &vec![b'a'; 5000]);
    refuses(&name, "a name of 5000 bytes");
}

#[test]
fn what_comes_twice_and_what_is_no_export_is_refused() {
    let mut twice = Vec::new();
    file(&mut twice, "manifest.json", b"{}");
    file(&mut twice, "./manifest.json", b"{}");
    refuses(&twice, "comes twice");
    let mut other = Vec::new();
    file(&mut other, "holiday.jpg", b"{}");
    refuses(&other, "no manifest.json");
    refuses(b"", "no manifest.json");
    refuses(&[b'x'; 2000], "cannot be read");
    let mut cut = Vec::new();
    file(&mut cut, "manifest.json", &[b' '; 3000]);
    refuses(&cut[..1200], "cannot be read");
}

proptest! {
    #[test]
    fn no_bytes_write_outside(bytes in prop::collection::vec(any::<u8>(), 0..3000), name in "[./a-z]{0,40}") {
        let mut archive = Vec::new();
        file(&mut archive, &name, &bytes);
        archive.extend_from_slice(&bytes);
        let (_, beside) = taken(&archive);
        prop_assert_eq!(beside, ["in"]);
    }
}
