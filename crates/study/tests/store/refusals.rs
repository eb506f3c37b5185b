//! Stores that cannot be used are named as what they are, and stay as they are.

use std::path::Path;

use study::store::{Store, StoreError};

use super::on_both;
use super::samples::{NOW_MS, answer, fill};
use super::support::{Home, everything, files};

on_both! {
    async fn a_store_from_a_newer_hotseat_is_refused_and_unchanged(home: Home) {
        let store = home.open().await;
        fill(&store).await;
        let before = everything(&store).await;
        store.close().await;
        home.tell("UPDATE store_version SET version = 99; CREATE TABLE of_the_future (a BIGINT)").await;
        let files_before = files(home.folder.path());
        let error = home.try_open().await.expect_err("it is newer");
        assert!(matches!(error, StoreError::Newer { found: 99, known: 4, .. }), "{error:?}");
        assert!(error.to_string().contains("newer hotseat"), "{error}");
        assert_eq!(files(home.folder.path()), files_before);
        home.tell("UPDATE store_version SET version = 4; DROP TABLE of_the_future").await;
        assert_eq!(everything(&home.open().await).await, before);
    }

    async fn what_is_no_store_is_refused_and_unchanged(home: Home) {
        home.tell_anew("CREATE TABLE songs (title TEXT); INSERT INTO songs VALUES ('Blue')").await;
        let before = files(home.folder.path());
        let error = home.try_open().await.expect_err("these are songs");
        assert!(matches!(error, StoreError::NotAStore { .. }), "{error:?}");
        assert_eq!(files(home.folder.path()), before);
        home.tell("INSERT INTO songs VALUES ('Green')").await;
    }

    async fn a_store_without_its_version_is_damaged(home: Home) {
        home.open().await.close().await;
        home.tell("DELETE FROM store_version").await;
        let error = home.try_open().await.expect_err("it has no version");
        assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
    }

    async fn a_value_that_nobody_wrote_is_damage(home: Home) {
        let store = home.open().await;
        fill(&store).await;
        home.tell("UPDATE feedback SET body = 'no JSON'").await;
        let error = store.answers_to("cap").await.expect_err("its feedback is damaged");
        assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
        assert_eq!(store.all_cards().await.expect("the rest can be read").len(), 3);
    }
}

/// Opens a file and looks that it was refused as damaged and left alone.
async fn is_refused(path: &Path, what: &str) {
    let before = std::fs::read(path).expect("it can be read");
    let error = Store::open(path).await.expect_err(what);
    assert!(matches!(error, StoreError::Damaged { .. }), "{what}: {error:?}");
    assert!(error.to_string().contains("damaged"), "{error}");
    assert!(!error.is_missing());
    assert!(std::fs::read(path).expect("it can be read") == before, "the file is as it was");
}

#[tokio::test]
async fn a_damaged_file_is_refused_and_unchanged() {
    let home = Home::sqlite();
    let store = home.open().await;
    fill(&store).await;
    for number in 0..40 {
        let new = answer("cap", &format!("{number} ").repeat(1000), NOW_MS + number);
        store.record_answer(&new).await.expect("it is recorded");
    }
    store.close().await;
    let whole = std::fs::read(home.file()).expect("it can be read");
    let page = 4096;
    assert!(whole.len() > 20 * page);
    let damaged = home.path("damaged.sqlite");
    // The header, a table's root, pages in the middle; then a file that was cut, in three places.
    for place in [0, 16, page, 5 * page, 10 * page] {
        let mut bytes = whole.clone();
        bytes[place..place + 64].fill(0xA5);
        std::fs::write(&damaged, bytes).expect("it can be written");
        is_refused(&damaged, &format!("changed at {place}")).await;
    }
    for length in [whole.len() - page, whole.len() / 2, 3000] {
        std::fs::write(&damaged, &whole[..length]).expect("it can be written");
        is_refused(&damaged, &format!("cut at {length}")).await;
    }
    std::fs::write(&damaged, "These are the minutes of a meeting.\n".repeat(100)).expect("it can be written");
    is_refused(&damaged, "another file").await;
}

#[tokio::test]
async fn a_place_that_cannot_be_one_is_named() {
    let home = Home::sqlite();
    let error = Store::open(home.folder.path()).await.expect_err("it is a folder");
    assert!(matches!(error, StoreError::CannotOpen { .. }), "{error:?}");
    assert!(error.to_string().contains(&home.folder.path().display().to_string()), "{error}");
    std::fs::write(home.path("file"), "").expect("it can be written");
    let error = Store::open(home.path("file/store.sqlite")).await.expect_err("a file is no folder");
    assert!(matches!(error, StoreError::Io { .. }), "{error:?}");
}

#[tokio::test]
async fn folders_are_made_and_strange_names_are_only_names() {
    let home = Home::sqlite();
    for name in ["new/folder/store.sqlite", "file:x?mode=memory", ":memory:", "ünï %20&.sqlite"] {
        let store = Store::open(home.path(name)).await.expect("it is a name like any other");
        fill(&store).await;
        store.close().await;
        assert!(home.path(name).is_file(), "{name}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_without_the_password() {
    // Port 1 is nobody's.
    let error = Store::open("postgres://anna:secret@127.0.0.1:1/study").await.expect_err("nobody is there");
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
    assert!(error.is_missing());
    assert!(error.to_string().contains("127.0.0.1:1"), "{error}");
    assert!(!format!("{error:?} {error}").contains("secret"), "{error:?}");
    let error = Store::open("postgres://:::/").await.expect_err("this is no address");
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
}
