//! The drill of these tests, judged in a home of a test's own.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::support::{PATIENCE, Ran, Ruled, Running, TestHome, comes_true, copy_folder};

/// The claim about the answers.
pub(crate) const CLAIM: &str = "says-hello";
/// Where a program says how it is run.
pub(crate) const RECIPE: &str = "service.toml";

/// A home in which the drill can be judged at once.
pub(crate) struct Echo {
    pub home: TestHome,
    _turn: Turn,
}

/// Some tests would be in the way of others.
static TURN: RwLock<()> = RwLock::new(());

#[expect(dead_code, reason = "they are held, not looked at")]
enum Turn {
    WithOthers(RwLockReadGuard<'static, ()>),
    Alone(RwLockWriteGuard<'static, ()>),
}

impl Turn {
    fn with_others() -> Turn {
        Turn::WithOthers(TURN.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn alone() -> Turn {
        Turn::Alone(TURN.write().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The bench that is copied: what is slow in a first judging has been done on it.
static WARM: LazyLock<PathBuf> = LazyLock::new(|| {
    let kept = stock();
    let _ = fs::remove_dir_all(&kept);
    fs::create_dir_all(&kept).expect("the folder for tests can be written to");
    let home = TestHome::new();
    let echo = Echo { home, _turn: Turn::with_others() };
    echo.check(&echo.workspace("beside", &[])).passes();
    copy_folder(&echo.home.bench(), &kept);
    kept.join("bench")
});

fn stock() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("warm-programs")
}

/// Benches that a test has left in good order: to move one is quicker than to copy it.
static LEFT: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn left() -> MutexGuard<'static, Vec<PathBuf>> {
    LEFT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Moves a folder, to another disk as well.
fn move_folder(from: &Path, to: &Path) {
    let moved = Command::new("mv").arg(from).arg(to).status().expect("mv runs");
    assert!(moved.success(), "mv {} {}", from.display(), to.display());
}

impl Drop for Echo {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        self.home.assert_nothing_runs();
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let kept = stock().join(number.to_string());
        move_folder(&self.home.bench(), &kept);
        left().push(kept);
    }
}

/// The pack of these tests.
pub(crate) fn pack() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_programs/pack")
}

impl Echo {
    pub(crate) fn new() -> Echo {
        // Its turn comes before ours.
        let warm = &*WARM;
        Echo::on(warm, Turn::with_others())
    }

    /// The same, while no other test runs.
    pub(crate) fn alone() -> Echo {
        let warm = &*WARM;
        Echo::on(warm, Turn::alone())
    }

    fn on(warm: &Path, turn: Turn) -> Echo {
        let one = left().pop();
        let home = match one {
            Some(bench) => {
                let home = TestHome::new();
                move_folder(&bench, &home.bench());
                home
            }
            None => TestHome::with_bench(warm),
        };
        Echo { home, _turn: turn }
    }

    /// A workspace with a program that says hello, and these files in place of its own.
    #[track_caller]
    pub(crate) fn workspace(&self, level: &str, files: &[(&str, &str)]) -> PathBuf {
        let number = fs::read_dir(self.home.work()).expect("it is there").count();
        let dir = self.home.work().join(format!("echo-{number}"));
        let (shown, pack) = (dir.display().to_string(), pack());
        let solution = pack.join("drills/echo/solutions/plain");
        let pack = pack.display().to_string();
        self.home
            .hotseat(["drill", "start", "echo", &shown, "--level", level, "--pack", &pack])
            .exits_with(0);
        for name in ["frame.py", "service.py", RECIPE] {
            fs::copy(solution.join(name), dir.join(name)).expect("the pack is there");
        }
        for (name, text) in files {
            fs::write(dir.join(name), text).expect("the workspace is there");
        }
        dir
    }

    /// Hands in a workspace and does not wait.
    pub(crate) fn start(&self, workspace: &Path, more: &[&str]) -> Running {
        let (dir, pack) = (workspace.display().to_string(), pack().display().to_string());
        self.home.start(["drill", "check", &dir, "--pack", &pack].iter().chain(more))
    }

    /// Hands in a workspace.
    pub(crate) fn hand_in(&self, workspace: &Path) -> Ran {
        self.start(workspace, &["--json"]).finish()
    }

    #[track_caller]
    pub(crate) fn check(&self, workspace: &Path) -> Ruled {
        Ruled::read(&self.hand_in(workspace))
    }

    /// No process, no folder of a program, nothing unfinished in the store.
    #[track_caller]
    pub(crate) fn assert_nothing_is_left(&self) {
        self.home.assert_nothing_runs();
        self.home.assert_store_is_whole();
        let orphans = || supervisors_without_hotseat();
        assert!(comes_true(PATIENCE, &mut || orphans().is_empty()), "left behind: {:?}", orphans());
        let programs = self.home.bench().join("programs");
        assert!(!programs.exists(), "{} was left behind", programs.display());
    }
}

/// Judges a program in place of `service.py`, alone, and insists that nothing is left of it.
#[track_caller]
pub(crate) fn judged(program: &str) -> Ruled {
    judged_at("alone", &[("service.py", program)])
}

/// Judges these files, and insists that nothing is left of them and that the next judging is right.
#[track_caller]
pub(crate) fn judged_at(level: &str, files: &[(&str, &str)]) -> Ruled {
    let echo = Echo::new();
    let ruled = echo.check(&echo.workspace(level, files));
    echo.assert_nothing_is_left();
    ruled
}

/// What the first broken claim about answers has got.
#[track_caller]
pub(crate) fn got(ruled: &Ruled) -> &str {
    ruled.counterexample(CLAIM)["got"].as_str().unwrap_or_default()
}

/// Supervisors, and what they started of our binary, whose hotseat is gone.
fn supervisors_without_hotseat() -> Vec<i32> {
    let exe = |id: i32| fs::read_link(format!("/proc/{id}/exe")).ok();
    let ours = fs::canonicalize(env!("CARGO_BIN_EXE_hotseat")).ok();
    let ids = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = ids.filter_map(|entry| entry.file_name().to_string_lossy().parse::<i32>().ok());
    let parent = |id: i32| {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse::<i32>().ok()
    };
    ids.filter(|id| {
        let title = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        title.starts_with(b"program-supervisor")
            && exe(*id) == ours
            && parent(*id).is_some_and(|parent| exe(parent) != ours)
    })
    .collect()
}

/// Lets every user read a folder and write to it.
pub(crate) fn open_to_all(folder: &Path) {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).expect("it is ours");
}
