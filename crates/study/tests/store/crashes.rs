//! Killed with -9, or out of room: what was acknowledged is there.

use std::ffi::OsStr;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use study::store::{AnswerId, CardKind, NewAnswer, Store, StoreError};

use super::on_both;
use super::samples::{NOW_MS, answer, fill, reviewed};
use super::support::{Home, cards_add_up, everything, folder, reps};

const ADDRESS: &str = "HOTSEAT_TEST_RECORD_IN";
const COUNT: &str = "HOTSEAT_TEST_RECORD_COUNT";

/// Another process that records answers, and says of each when it was acknowledged.
pub(crate) struct Recorder {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
    recorded: Vec<AnswerId>,
    refusal: Option<String>,
}

/// What a recorder said before it ended.
pub(crate) struct Ended {
    pub(crate) recorded: Vec<AnswerId>,
    pub(crate) refusal: Option<String>,
}

impl Recorder {
    pub(crate) fn start(address: &OsStr, count: u32) -> Recorder {
        let program = std::env::current_exe().expect("the test knows itself");
        Recorder::start_as(Command::new(program), address, count)
    }

    fn start_as(mut command: Command, address: &OsStr, count: u32) -> Recorder {
        let mut child = command
            .args(["--exact", "crashes::recorder", "--nocapture", "--test-threads=1"])
            .env(ADDRESS, address)
            .env(COUNT, count.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the test can be started again");
        let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        Recorder { child, lines, recorded: Vec::new(), refusal: None }
    }

    /// Waits until so many answers were acknowledged, or it has ended.
    fn wait_for(&mut self, count: usize) {
        while self.recorded.len() < count {
            let Some(line) = self.lines.next() else { return };
            let line = line.expect("it prints UTF-8");
            // What the test harness prints may stand before it on the line.
            if let Some((_, id)) = line.split_once("recorded ") {
                self.recorded.push(AnswerId::parse(id).expect("it prints ids"));
            } else if let Some((_, refusal)) = line.split_once("refused ") {
                self.refusal = Some(refusal.into());
            }
        }
    }

    /// SIGKILL, now.
    fn kill(mut self) -> Ended {
        self.child.kill().expect("it can be killed");
        self.finish()
    }

    pub(crate) fn finish(mut self) -> Ended {
        self.wait_for(usize::MAX);
        self.child.wait().expect("it ends");
        Ended { recorded: self.recorded, refusal: self.refusal }
    }
}

/// Does nothing among the other tests; it is what a [`Recorder`] runs.
#[test]
fn recorder() {
    let Some(address) = std::env::var_os(ADDRESS) else { return };
    let count: u32 = std::env::var(COUNT).expect("it is set").parse().expect("it is a number");
    let record = async {
        let store = Store::open(address).await?;
        for number in 0..count {
            let id = loop {
                let text = format!("answer {number}. ").repeat(40);
                let new = reviewed(&store, "cap", &text, NOW_MS + i64::from(number)).await;
                match store.record_answer(&new).await {
                    Err(StoreError::CardMoved { .. }) => {}
                    other => break other?,
                }
            };
            println!("recorded {id}");
        }
        Ok::<(), StoreError>(())
    };
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it can be built");
    if let Err(error) = runtime.block_on(record) {
        println!("refused {error:?}");
    }
}

fn below(limit: u64) -> u64 {
    RandomState::new().hash_one(()) % limit
}

on_both! {
    async fn killed_at_any_moment_nothing_acknowledged_is_lost(home: Home) {
        let mut acknowledged = Vec::new();
        for _ in 0..12 {
            let mut recorder = Recorder::start(&home.address(), u32::MAX);
            recorder.wait_for(below(12) as usize);
            let ended = recorder.kill();
            assert_eq!(ended.refusal, None);
            acknowledged.extend(ended.recorded);
            let store = home.open().await;
            store.examine().await.expect("the file is whole");
            for id in &acknowledged {
                assert!(store.answer(id).await.expect("it can be read").is_some(), "{id} is lost");
            }
            // An answer that was recorded is recorded with all that belongs to it.
            let answers = store.answers_to("cap").await.expect("they can be read");
            assert_eq!(reps(&store, CardKind::Question, "cap").await as usize, answers.len());
            assert!(answers.iter().all(|it| it.estimate == Some(60)), "every estimate is there");
            cards_add_up(&store).await;
            store.close().await;
        }
    }

    async fn killed_while_it_is_made_a_store_can_be_made_again(home: Home) {
        for _ in 0..6 {
            let home = home.like().await;
            Recorder::start(&home.address(), 1).kill();
            let store = home.open().await;
            fill(&store).await;
        }
    }
}

/// Records until it is refused; the refusal, and the ids of what was recorded before.
async fn record_until_refused(store: &Store) -> (StoreError, Vec<AnswerId>) {
    let mut recorded = Vec::new();
    loop {
        let new = NewAnswer { estimate: None, ..answer("cap", &"text ".repeat(2000), NOW_MS) };
        match store.record_answer(&new).await {
            Ok(id) => recorded.push(id),
            Err(error) => return (error, recorded),
        }
    }
}

/// A small disk. None where mounts are not permitted.
struct Mount(PathBuf);

impl Mount {
    fn new(at: &Path, options: &str) -> Option<Mount> {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "hotseat-test"]).arg(at);
        mount.output().is_ok_and(|it| it.status.success()).then(|| Mount(at.to_path_buf()))
    }

    fn change(&self, options: &str) {
        let mut mount = Command::new("mount");
        mount.arg("-o").arg(format!("remount,{options}")).arg(&self.0);
        assert!(mount.status().expect("mount is there").success(), "the mount can be changed");
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[tokio::test]
async fn a_full_disk_is_told_and_all_works_again_once_there_is_room() {
    let disk = folder();
    let Some(mount) = Mount::new(disk.path(), "size=1m,mode=755") else {
        return eprintln!("skipped: mounts are not permitted here");
    };
    let store = Store::open(disk.path().join("store.sqlite")).await.expect("there is room for a new store");
    let (error, recorded) = record_until_refused(&store).await;
    assert!(matches!(error, StoreError::DiskFull { .. }), "{error:?}");
    assert!(error.is_missing());
    for id in &recorded {
        assert!(store.answer(id).await.expect("a full disk can be read").is_some(), "{id} is lost");
    }
    assert_eq!(store.answers_to("cap").await.expect("they can be read").len(), recorded.len());
    mount.change("size=8m,mode=755");
    fill(&store).await;
    store.examine().await.expect("the file is whole");
    store.close().await;
}

#[tokio::test]
async fn an_export_to_a_full_disk_leaves_nothing_behind() {
    let home = Home::sqlite();
    let store = home.open().await;
    fill(&store).await;
    store.record_answer(&answer("cap", &"text ".repeat(100_000), NOW_MS)).await.expect("it is recorded");
    let disk = folder();
    let Some(_mount) = Mount::new(disk.path(), "size=256k,mode=755") else {
        return eprintln!("skipped: mounts are not permitted here");
    };
    let error = study::store::export(&store, &disk.path().join("export")).await.expect_err("it has no room");
    assert!(error.is_missing(), "{error:?}");
    assert_eq!(std::fs::read_dir(disk.path()).expect("it can be read").count(), 0);
}

#[tokio::test]
async fn a_disk_that_may_only_be_read_is_told() {
    let disk = folder();
    let Some(mount) = Mount::new(disk.path(), "size=1m,mode=755") else {
        return eprintln!("skipped: mounts are not permitted here");
    };
    mount.change("ro");
    let error = Store::open(disk.path().join("store.sqlite")).await.expect_err("nothing can be made there");
    assert!(matches!(error, StoreError::CannotOpen { .. } | StoreError::NotWritable { .. }), "{error:?}");
    assert!(error.is_missing());
}

/// Files that may not grow do to SQLite what a failing disk does, and no rights are needed for it.
#[tokio::test]
async fn a_disk_that_fails_in_the_middle_loses_nothing_acknowledged() {
    let home = Home::sqlite();
    let store = home.open().await;
    fill(&store).await;
    let before = everything(&store).await;
    store.close().await;
    let program = std::env::current_exe().expect("the test knows itself");
    let mut limited = Command::new("sh");
    // 300 blocks of 512 bytes, or of 1024 in some shells.
    limited.args(["-c", r#"trap '' XFSZ; ulimit -f 300; exec "$0" "$@""#]).arg(program);
    let ended = Recorder::start_as(limited, &home.address(), u32::MAX).finish();
    let refusal = ended.refusal.expect("its files could not grow for ever");
    assert!(refusal.starts_with("Disk"), "{refusal}");
    assert!(!ended.recorded.is_empty(), "some were recorded before");
    let store = home.open().await;
    store.examine().await.expect("the file is whole");
    for id in &ended.recorded {
        assert!(store.answer(id).await.expect("it can be read").is_some(), "{id} is lost");
    }
    cards_add_up(&store).await;
    let after = everything(&store).await;
    let answers = before.iter().filter(|(path, _)| path.starts_with("answers"));
    for (path, bytes) in answers {
        assert_eq!(after.get(path), Some(bytes), "{}", path.display());
    }
}
