//! What goes out comes back; what is damaged does not come in.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use study::store::{OwnQuestion, Store, StoreError, export, import};

use super::on_both;
use super::samples::{NOW_MS, fill, reviewed};
use super::support::{Home, cards_add_up, everything, files};

/// What lies in a folder.
type Files = BTreeMap<PathBuf, Vec<u8>>;

on_both! {
    async fn an_export_comes_back_whole_and_only_once(home: Home) {
        let store = home.open().await;
        fill(&store).await;
        let dir = home.path("export");
        let exported = export(&store, &dir).await.expect("it is exported");
        assert_eq!((exported.answers, exported.attempts, exported.reviews), (4, 2, 4));
        assert_eq!((exported.cards, exported.plan_items), (3, 4));
        let counts = store.counts().await.expect("they can be read");
        assert_eq!((counts.answers, counts.attempts, counts.reviews), (4, 2, 4));
        assert_eq!((counts.cards, counts.plan_items), (3, 4));
        let plan = fs::read_to_string(dir.join("plan.json")).expect("it is there");
        assert_eq!(plan.matches("pinned").count(), 1, "{plan}");
        let another = home.like().await;
        let other = another.open().await;
        let imported = import(&other, &dir).await.expect("it is imported");
        assert_eq!((imported.answers, imported.attempts, imported.reviews, imported.cards), (4, 2, 4, 3));
        assert!(imported.plan && imported.mixed.is_empty(), "{imported:?}");
        assert_eq!(everything(&other).await, files(&dir));
        assert_eq!(import(&other, &dir).await.expect("it is there already"), Default::default());
        assert_eq!(import(&store, &dir).await.expect("it came from there"), Default::default());
        assert_eq!(everything(&other).await, files(&dir));
        assert_eq!(everything(&store).await, files(&dir));
        cards_add_up(&other).await;
    }

    async fn questions_of_ones_own_come_back_once(home: Home) {
        let store = home.open().await;
        let own = |number: u32| OwnQuestion {
            id: format!("own-slow-query-7-{number}"),
            prompt: "Where do the 34 blocks go?\nAll of them.".into(),
            run: "slow-query-7".into(),
            added_at_ms: NOW_MS,
        };
        assert_eq!(store.add_own_questions(&[own(1), own(2)]).await.expect("they are added"), 2);
        assert_eq!(store.add_own_questions(&[own(2), own(3)]).await.expect("one is new"), 1);
        let nothing = OwnQuestion { id: String::new(), ..own(4) };
        let refused = store.add_own_questions(&[own(5), nothing]).await;
        assert!(matches!(refused, Err(StoreError::Invalid { .. })), "{refused:?}");
        let dir = home.path("export");
        assert_eq!(export(&store, &dir).await.expect("it is exported").own_questions, 3);
        let another = home.like().await;
        let other = another.open().await;
        assert_eq!(import(&other, &dir).await.expect("it is imported").own_questions, 3);
        assert_eq!(import(&other, &dir).await.expect("it is there already"), Default::default());
        let all = other.own_questions().await.expect("they can be read");
        assert_eq!(all, [own(1), own(2), own(3)]);
        assert_eq!(everything(&other).await, files(&dir));
    }

    async fn an_empty_store_can_be_exported_and_imported(home: Home) {
        let store = home.open().await;
        let dir = home.path("export");
        fs::create_dir(&dir).expect("an empty folder does not matter");
        export(&store, &dir).await.expect("it is exported");
        let another = home.like().await;
        let other = another.open().await;
        assert_eq!(import(&other, &dir).await.expect("it is imported"), Default::default());
    }

    async fn a_damaged_export_is_refused_and_changes_nothing(home: Home) {
        let store = home.open().await;
        fill(&store).await;
        let dir = home.path("export");
        export(&store, &dir).await.expect("it is exported");
        let another = home.like().await;
        let other = another.open().await;
        let own = reviewed(&other, "explain-index", "one of its own", NOW_MS).await;
        other.record_answer(&own).await.expect("it is recorded");
        let before = everything(&other).await;
        let whole = files(&dir);
        for (what, damaged) in damages(&whole) {
            let place = home.path("damaged");
            write(&place, &damaged);
            let error = import(&other, &place).await.expect_err(&what);
            assert!(
                matches!(&error, StoreError::DamagedExport { .. } | StoreError::NewerExport { .. }),
                "{what}: {error:?}"
            );
            let newer = matches!(&error, StoreError::NewerExport { found: 2, known: 1, .. });
            assert_eq!(newer, what.contains("newer"), "{error:?}");
            assert!(error.to_string().contains("Nothing was imported"), "{error}");
            assert_eq!(everything(&other).await, before, "{what}");
            fs::remove_dir_all(&place).expect("it can be removed");
        }
        import(&other, &dir).await.expect("the whole one is welcome");
    }

    async fn another_answer_under_the_same_id_is_refused(home: Home) {
        let store = home.open().await;
        fill(&store).await;
        let dir = home.path("export");
        export(&store, &dir).await.expect("it is exported");
        home.tell("UPDATE answers SET text = 'never said' WHERE question = 'cap'").await;
        let before = everything(&store).await;
        let error = import(&store, &dir).await.expect_err("they cannot both be right");
        assert!(matches!(error, StoreError::Conflict { what: "answer", .. }), "{error:?}");
        assert_eq!(everything(&store).await, before);
    }
}

fn write(dir: &Path, files: &Files) {
    for (path, bytes) in files {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("it can be made");
        fs::write(path, bytes).expect("it can be written");
    }
}

/// The export with each file changed, cut, emptied and lost, and with what the manifest alone can tell.
fn damages(whole: &Files) -> Vec<(String, Files)> {
    let mut damages = Vec::new();
    let mut add = |what: String, change: &dyn Fn(&mut Files)| {
        let mut files = whole.clone();
        change(&mut files);
        damages.push((what, files));
    };
    for (path, bytes) in whole {
        let shown = path.display();
        let put = |bytes: Vec<u8>| move |files: &mut Files| drop(files.insert(path.clone(), bytes.clone()));
        let mut flipped = bytes.clone();
        flipped[bytes.len() / 2] ^= 1;
        add(format!("{shown} with a bit flipped"), &put(flipped));
        add(format!("{shown} cut"), &put(bytes[..bytes.len() - 2].to_vec()));
        add(format!("{shown} emptied"), &put(Vec::new()));
        if shown.to_string() != "manifest.json" {
            add(format!("{shown} lost"), &|files| drop(files.remove(path)));
        }
    }
    add("one file more".into(), &|files| drop(files.insert("answers/mine.md".into(), b"mine".to_vec())));
    let in_manifest = |from: &'static str, to: &'static str| {
        move |files: &mut Files| {
            let manifest = files.get_mut(Path::new("manifest.json")).expect("it is there");
            let text = String::from_utf8(manifest.clone()).expect("it is text");
            assert!(text.contains(from), "{from}");
            *manifest = text.replacen(from, to, 1).into_bytes();
        }
    };
    add("a newer format".into(), &in_manifest("\"format\": 1", "\"format\": 2, \"new\": true"));
    add("an unknown format".into(), &in_manifest("\"format\": 1", "\"format\": 0"));
    add("another count".into(), &in_manifest("\"reviews\": 4", "\"reviews\": 5"));
    add("a path that leads out".into(), &in_manifest("\"cards.jsonl\"", "\"../cards.jsonl\""));
    damages
}

/// An export whose hashes are right, made by somebody who changed records by hand.
#[tokio::test]
async fn records_that_make_no_sense_are_refused_even_with_the_right_hashes() {
    let home = Home::sqlite();
    let store = home.open().await;
    fill(&store).await;
    let dir = home.path("export");
    export(&store, &dir).await.expect("it is exported");
    let another = home.like().await;
    let other = another.open().await;
    let forgeries = [
        ("cards.jsonl", "\"reps\":2", "\"reps\":3"),
        ("cards.jsonl", "\"difficulty\":5.28", "\"difficulty\":50"),
        ("cards.jsonl", "\"kind\":\"drill\"", "\"kind\":\"dance\""),
        ("cards.jsonl", "\"kind\":\"drill\"", "\"kind\":\"question\""),
        ("reviews.jsonl", "\"rating\":3", "\"rating\":5"),
        ("reviews.jsonl", "\"source\":\"", "\"source\":\"f"),
        ("reviews.jsonl", "\"name\":\"cap\"", "\"name\":\"gap\""),
        ("attempts.jsonl", "\"seed\":100017", "\"seed\":100018"),
        ("attempts.jsonl", "\"ruling\":\"void\"", "\"ruling\":\"void\",\"new\":1"),
        ("feedback.jsonl", "\"feedback\":{", "\"feedback\":{{"),
        ("plan.json", "2026-11-25", "2026-11-31"),
        ("plan.json", "\"task\": \"do\"", "\"task\": \"dance\""),
    ];
    for (path, from, to) in forgeries {
        let mut forged = files(&dir);
        let file = forged.get_mut(Path::new(path)).expect("it is there");
        let text = String::from_utf8(file.clone()).expect("it is text");
        assert!(text.contains(from), "{path}: {from}");
        *file = text.replacen(from, to, 1).into_bytes();
        let file = file.clone();
        sign(&mut forged, path, &file);
        let place = home.path("forged");
        write(&place, &forged);
        let error = import(&other, &place).await.expect_err(to);
        assert!(matches!(error, StoreError::DamagedExport { .. }), "{path}: {to}: {error:?}");
        assert!(error.to_string().contains("forged/"), "{error}");
        fs::remove_dir_all(&place).expect("it can be removed");
    }
    assert!(other.all_cards().await.expect("they can be read").is_empty());
}

fn sign(files: &mut Files, path: &str, bytes: &[u8]) {
    use sha2::{Digest as _, Sha256};
    let manifest = files.get_mut(Path::new("manifest.json")).expect("it is there");
    let mut json: serde_json::Value = serde_json::from_slice(manifest).expect("it is JSON");
    for file in json["files"].as_array_mut().expect("it lists files") {
        if file["path"] == path {
            let digest = Sha256::digest(bytes);
            file["bytes"] = bytes.len().into();
            file["sha256"] = digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into();
        }
    }
    *manifest = serde_json::to_vec(&json).expect("it is JSON");
}

#[tokio::test]
async fn the_engines_exchange_stores() {
    let homes = [Home::sqlite(), Home::postgres().await, Home::sqlite()];
    let [store, on_postgres, back] = [homes[0].open().await, homes[1].open().await, homes[2].open().await];
    fill(&store).await;
    for (from, to) in [(&store, &on_postgres), (&on_postgres, &back)] {
        hand_over(from, to).await;
    }
    assert_eq!(everything(&back).await, everything(&store).await);
    assert_eq!(everything(&on_postgres).await, everything(&store).await);
}

async fn hand_over(from: &Store, to: &Store) {
    let home = Home::sqlite();
    export(from, &home.path("export")).await.expect("it is exported");
    import(to, &home.path("export")).await.expect("it is imported");
}

#[tokio::test]
async fn nothing_is_written_over() {
    let home = Home::sqlite();
    let store = home.open().await;
    fill(&store).await;
    fs::create_dir(home.path("taken")).expect("it can be made");
    fs::write(home.path("taken/diary.txt"), "dear").expect("it can be written");
    fs::write(home.path("file"), "dear").expect("it can be written");
    for name in ["taken", "file"] {
        let error = export(&store, &home.path(name)).await.expect_err("something is there");
        assert!(matches!(error, StoreError::Exists { .. }), "{error:?}");
    }
    let error = export(&store, &home.path("no/such/folder")).await.expect_err("its place is not there");
    assert!(matches!(error, StoreError::Io { .. }), "{error:?}");
    let error = import(&store, &home.path("nowhere")).await.expect_err("there is no export");
    assert!(matches!(error, StoreError::Io { .. }), "{error:?}");
    store.close().await;
    let mut left: Vec<_> = files(home.folder.path()).into_keys().collect();
    left.sort();
    assert_eq!(left, ["file", "store.sqlite", "taken/diary.txt"].map(PathBuf::from));
}

/// What docs/export.md promises to whoever reads an export in some years.
#[tokio::test]
async fn an_answer_can_be_read_by_a_person() {
    let home = Home::sqlite();
    let store = home.open().await;
    let mut new = reviewed(&store, "Explain an Index!", "I measure first.\n", NOW_MS).await;
    new.seconds = None;
    let id = store.record_answer(&new).await.expect("it is recorded");
    let dir = home.path("export");
    export(&store, &dir).await.expect("it is exported");
    let file = dir.join(format!("answers/explain-an-index-/2026-11-24-{id}.md"));
    let text = fs::read_to_string(file).expect("it lies where it should");
    let expected = format!(
        "+++\nid = \"{id}\"\nquestion = \"Explain an Index!\"\ngiven_at = \"2026-11-24T14:41:54.123Z\"\n\
         estimate = 60\nscore = 72\nlevel = \"senior\"\n+++\n\nI measure first.\n"
    );
    assert_eq!(text, expected);
}
