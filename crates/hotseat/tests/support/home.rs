//! A home of a test's own, made ready from a copy so that only the first test waits for `initdb`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use study::store::Store;
use tempfile::TempDir;

use super::process::{Process, processes_of};
use super::{Disk, PATIENCE, Ran, Ruled, Running, comes_true, copy_folder, files_below, tiny_pack};

/// A folder with a home in it, and with workspaces beside. When it is dropped it insists that
/// nothing is left of what ran in it.
pub(crate) struct TestHome {
    dir: TempDir,
    /// The hotseats that were started here, and since when: process ids come again.
    pids: Mutex<Vec<u32>>,
    since: SystemTime,
}

impl TestHome {
    /// An empty home.
    pub(crate) fn new() -> TestHome {
        let dir = tempfile::Builder::new().prefix("hotseat-test-").tempdir().expect("a folder in /tmp");
        // When we are root, the server runs as somebody else and must pass through.
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).expect("it is ours");
        let home = TestHome { dir, pids: Mutex::default(), since: SystemTime::now() };
        for folder in [home.path(), home.work()] {
            fs::create_dir(folder).expect("it is new");
        }
        home
    }

    /// A home in which `tiny` and `tiny-load` have been judged already.
    pub(crate) fn warm() -> TestHome {
        TestHome::with_bench(&WARM.join("bench"))
    }

    /// A home with a copy of this bench, in which nothing runs.
    pub(crate) fn with_bench(bench: &Path) -> TestHome {
        let home = TestHome::new();
        copy_folder(bench, &home.path());
        home
    }

    /// A warm home on a disk of this size; none where mounts are not permitted.
    pub(crate) fn warm_on_a_disk(size: &str) -> Option<(TestHome, Disk)> {
        let home = TestHome::new();
        let disk = Disk::new(&home.path(), &format!("size={size},mode=755"))?;
        copy_folder(&WARM.join("bench"), &home.path());
        Some((home, disk))
    }

    /// What `HOTSEAT_HOME` names.
    pub(crate) fn path(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    pub(crate) fn bench(&self) -> PathBuf {
        self.path().join("bench")
    }

    /// Where workspaces lie.
    pub(crate) fn work(&self) -> PathBuf {
        self.dir.path().join("work")
    }

    /// hotseat with this home, and nothing else of the environment but the PATH.
    pub(crate) fn command<S: AsRef<std::ffi::OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hotseat"));
        command.args(args).current_dir(self.work()).env_clear();
        command.env("HOTSEAT_HOME", self.path()).env("HOME", self.dir.path()).env("LC_ALL", "C.UTF-8");
        for name in ["PATH", "HOTSEAT_POSTGRES_BIN"] {
            std::env::var_os(name).map(|value| command.env(name, value));
        }
        command
    }

    /// Starts hotseat and does not wait.
    pub(crate) fn start<S: AsRef<std::ffi::OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Running {
        self.start_command(self.command(args))
    }

    pub(crate) fn start_command(&self, command: Command) -> Running {
        let running = Running::start(command);
        self.pids.lock().expect("nobody panics with it").push(running.pid);
        running
    }

    /// Runs hotseat to its end.
    pub(crate) fn hotseat<S: AsRef<std::ffi::OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Ran {
        self.start(args).finish()
    }

    /// A new workspace with these files in place of the starter's.
    #[track_caller]
    pub(crate) fn workspace(&self, drill: &str, level: &str, files: &[(&str, &str)]) -> PathBuf {
        let number = fs::read_dir(self.work()).expect("it is there").count();
        let dir = self.work().join(format!("{drill}-{number}"));
        let (pack, shown) = (tiny_pack(), dir.display().to_string());
        let pack = pack.display().to_string();
        self.hotseat(["drill", "start", drill, &shown, "--level", level, "--pack", &pack]).exits_with(0);
        for (name, text) in files {
            fs::write(dir.join(name), text).expect("the workspace is there");
        }
        dir
    }

    /// Judges a workspace. A machine too busy to tell a hang from slowness says so, and is asked
    /// again, as a learner would.
    #[track_caller]
    pub(crate) fn check(&self, workspace: &Path) -> Ruled {
        let check =
            || Ruled::read(&self.hotseat(["drill", "check", &workspace.display().to_string(), "--json"]));
        let mut ruled = check();
        for _ in 0..3 {
            if !ruled.json["why_void"].as_str().is_some_and(|why| why.contains("too busy")) {
                break;
            }
            ruled = check();
        }
        ruled
    }

    /// Judges a `schema.sql` with the starter's query.
    #[track_caller]
    pub(crate) fn check_schema(&self, schema: &str) -> Ruled {
        self.check(&self.workspace("tiny", "index", &[("schema.sql", schema)]))
    }

    /// Judges a `query.sql` beside the right index.
    #[track_caller]
    pub(crate) fn check_query(&self, query: &str) -> Ruled {
        let files = [("schema.sql", super::RIGHT_INDEX), ("query.sql", query)];
        self.check(&self.workspace("tiny", "rewrite", &files))
    }

    /// Does something in the learner's store, as another process does.
    pub(crate) fn in_store<T>(&self, work: impl AsyncFnOnce(&Store) -> T) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let store = Store::open(self.path().join("learner.sqlite")).await.expect("the store opens");
            let done = work(&store).await;
            store.close().await;
            done
        })
    }

    /// Sets the clock of all that is to be reviewed back by so many milliseconds; how many cards there are.
    pub(crate) fn rewind(&self, by_ms: i64) -> usize {
        self.in_store(async |store| {
            let mut cards = store.all_cards().await.expect("they can be read");
            for card in &mut cards {
                (card.due_ms, card.last_review_ms) = (card.due_ms - by_ms, card.last_review_ms - by_ms);
            }
            store.reschedule(&cards).await.expect("nobody else reviews");
            cards.len()
        })
    }

    /// The folders of stored runs, by name.
    pub(crate) fn runs(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path().join("runs")).into_iter().flatten().flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    pub(crate) fn run_dir(&self, run: &str) -> PathBuf {
        self.path().join("runs").join(run)
    }

    /// Processes of the bench that are there now.
    pub(crate) fn processes(&self) -> Vec<Process> {
        processes_of(&self.bench())
    }

    /// Whether the databases are there that a judging copies: more than the templates.
    pub(crate) fn databases(&self) -> usize {
        fs::read_dir(self.bench().join("data/base")).into_iter().flatten().count()
    }

    /// Socket folders of hotseats that were started here.
    pub(crate) fn sockets(&self) -> Vec<String> {
        let pids = self.pids.lock().expect("nobody panics with it");
        // The clock of files is a little coarser than ours.
        let since = self.since - Duration::from_secs(1);
        let recent =
            fs::read_dir("/tmp").into_iter().flatten().flatten().filter(|entry| {
                entry.metadata().and_then(|about| about.modified()).is_ok_and(|at| at >= since)
            });
        let names = recent.map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.filter(|name| pids.iter().any(|pid| name.starts_with(&format!("hotseat-{pid}-")))).collect()
    }

    /// Every stored run is whole, and nothing lies beside them.
    #[track_caller]
    pub(crate) fn assert_store_is_whole(&self) {
        for run in self.runs() {
            let files = files_below(&self.run_dir(&run));
            for file in ["verdict.json", "evidence.sqlite"] {
                assert!(files.iter().any(|it| it == Path::new(file)), "run {run} has no {file}: {files:?}");
            }
        }
        let parts = files_below(&self.path()).into_iter().filter(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            name.ends_with(".part") || name.contains(".part-") || name.starts_with(".new-")
        });
        assert_eq!(parts.collect::<Vec<_>>(), Vec::<PathBuf>::new(), "unfinished files were left behind");
    }

    /// Processes end a moment after hotseat was killed; not more than a moment.
    #[track_caller]
    pub(crate) fn assert_nothing_runs(&self) {
        let gone = comes_true(PATIENCE, &mut || self.processes().is_empty());
        assert!(gone, "processes were left behind: {:?}", self.processes());
    }
}

impl Drop for TestHome {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        self.assert_nothing_runs();
        self.assert_store_is_whole();
        assert_eq!(self.sockets(), Vec::<String>::new(), "socket folders were left behind");
    }
}

/// A home that is copied, never run in; kept between runs of the tests, until hotseat or the pack
/// of the tests changes.
static WARM: LazyLock<PathBuf> = LazyLock::new(|| {
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("warm-home");
    let lock = fs::File::create(kept.with_extension("lock")).expect("the folder for tests is there");
    lock.lock().expect("it can be locked");
    let made_for = kept.join("made-for");
    let key = warm_key();
    if fs::read_to_string(&made_for).is_ok_and(|known| known == key) {
        return kept;
    }
    let _ = fs::remove_dir_all(&kept);
    fs::create_dir_all(&kept).expect("the folder for tests can be written to");
    let home = TestHome::new();
    let pack = tiny_pack().display().to_string();
    for solution in
        ["tiny/solutions/plain-index", "tiny/solutions/covering-index", "tiny-load/solutions/row-locks"]
    {
        let (drill, _) = solution.split_once('/').expect("it has one");
        let dir = format!("{pack}/drills/{solution}");
        home.hotseat(["drill", "prove", drill, "--submission", &dir, "--pack", &pack]).exits_with(0);
    }
    copy_folder(&home.bench(), &kept);
    fs::write(&made_for, key).expect("the folder for tests can be written to");
    kept
});

/// Changes whenever hotseat is built anew or the pack of the tests is edited.
fn warm_key() -> String {
    let pack = files_below(&tiny_pack()).into_iter().map(|file| tiny_pack().join(file));
    let files = pack.chain([PathBuf::from(env!("CARGO_BIN_EXE_hotseat"))]);
    let newest = files.filter_map(|file| fs::metadata(file).and_then(|about| about.modified()).ok()).max();
    let since = newest.and_then(|at| at.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    format!("{} {}", env!("CARGO_BIN_EXE_hotseat"), since.as_nanos())
}
