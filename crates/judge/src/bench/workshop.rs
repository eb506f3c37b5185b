//! Where programs are built and run: a private copy of what was handed in, downloads that are kept, a sandbox.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::unistd::geteuid;
use program::{Exceeded, Launch, Network, RunAs, Sandbox, StartError, sandbox};

use super::recipe::{Install, Recipe};
use super::{Bench, BenchError};
use crate::submission::Files;

/// A build that takes longer hangs. Downloads of a slow line are in it.
const BUILD_LIMIT: Duration = Duration::from_secs(600);
/// Builds of compilers need more than programs do.
const BUILD_MEMORY_BYTES: u64 = 4 << 30;
/// Above the numbers that systems, directories and containers give to users, and below those that are
/// negative as 32-bit numbers.
const FIRST_USER: u32 = 2_000_000_000;
/// Lines of a failed command's output that are shown.
const LINES_SHOWN: usize = 20;

/// A command of the workspace that failed: the learner's to mend, unless the machine is to blame.
#[derive(Debug)]
pub(crate) struct Failed {
    /// What it said last, and how it ended.
    pub what: String,
    /// Whether it may have been the machine's fault: no network, say.
    pub machine: bool,
}

/// A workspace that is ready to be run.
pub(crate) struct Workplace {
    /// All of it; gone when this value is.
    folder: PathBuf,
    sandbox: Sandbox,
}

impl Drop for Workplace {
    fn drop(&mut self) {
        // What cannot be removed now is removed at the next start of the bench.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Bench {
    /// Where programs run: everything in it can be removed when no bench is open.
    pub(super) fn programs_dir(&self) -> PathBuf {
        self.home.join("programs")
    }

    /// Copies a program's files, downloads and builds what its recipe says.
    pub(crate) async fn build(
        &self,
        files: &Files,
        recipe: &Recipe,
    ) -> Result<Result<Workplace, Failed>, BenchError> {
        let folder = self.programs_dir().join(self.next_number().to_string());
        let workspace = folder.join("work");
        fs::create_dir_all(&workspace).map_err(|e| BenchError::at(&workspace, e))?;
        for (name, content) in files {
            let path = workspace.join(name);
            make_parent(&path)?;
            fs::write(&path, content).map_err(|e| BenchError::at(&path, e))?;
            // A script has lost its mark on the way through a pack; it does no harm on other files.
            let runs = fs::Permissions::from_mode(0o755);
            fs::set_permissions(&path, runs).map_err(|e| BenchError::at(&path, e))?;
        }
        let workplace = Workplace { folder, sandbox: self.sandbox().await? };
        if let Some(install) = &recipe.install
            && let Err(failed) = self.install(&workplace, install, files, recipe).await?
        {
            return Ok(Err(failed));
        }
        if let Some(build) = &recipe.build
            && let Err(failed) = self.run_build(&workplace, build, recipe).await?
        {
            return Ok(Err(failed));
        }
        Ok(Ok(workplace))
    }

    /// The sandbox of this machine: asked once.
    async fn sandbox(&self) -> Result<Sandbox, BenchError> {
        let level = match self.sandbox_level.get() {
            Some(level) => level,
            None => {
                let probe = sandbox::probe(None).await.map_err(|e| BenchError::Ours(e.to_string()))?;
                self.sandbox_level.set(Some(probe.level));
                probe.level
            }
        };
        let mut sandbox = Sandbox::new(level);
        sandbox.read =
            std::env::var_os("HOME").map(|home| sandbox::toolchains(Path::new(&home))).unwrap_or_default();
        sandbox.read.push(self.installs_dir());
        sandbox.run_as = self.program_user();
        Ok(sandbox)
    }

    /// When we are root, programs run as a user of this bench alone: neither the server's user, whose files
    /// they have no business with, nor one whose processes, of another bench's programs, count as theirs.
    fn program_user(&self) -> Option<RunAs> {
        let name = crate::hash(&[&self.home.display().to_string()]);
        let number = u32::from_str_radix(&name[..5], 16).unwrap_or(0);
        let id = FIRST_USER + number;
        geteuid().is_root().then_some(RunAs { uid: id, gid: id })
    }

    fn installs_dir(&self) -> PathBuf {
        self.home.join("installs")
    }

    /// Links the folders that an install step makes; it is run if it was not for these files before.
    async fn install(
        &self,
        workplace: &Workplace,
        install: &Install,
        files: &Files,
        recipe: &Recipe,
    ) -> Result<Result<(), Failed>, BenchError> {
        let mut key = vec![install.run.clone(), install.makes.join("\n"), std::env::consts::ARCH.into()];
        for name in &install.from {
            let Some(content) = files.get(name) else {
                let what = format!("[install] depends on `{name}`, which is not handed in");
                return Ok(Err(Failed { what, machine: false }));
            };
            key.push(String::from_utf8_lossy(content).into_owned());
        }
        let key: Vec<&str> = key.iter().map(String::as_str).collect();
        let kept = self.installs_dir().join(crate::hash(&key));
        if !install.makes.iter().all(|made| kept.join(made).exists()) {
            // What somebody took a part of is of no use.
            let _ = fs::remove_dir_all(&kept);
            if let Err(failed) = self.run_build(workplace, &install.run, recipe).await? {
                return Ok(Err(failed));
            }
            if let Some(missing) = install.makes.iter().find(|it| !workplace.work().join(it).exists()) {
                let what = format!("`{}` did not make the folder `{missing}`", install.run);
                return Ok(Err(Failed { what, machine: false }));
            }
            self.keep_install(workplace, install, &kept)?;
        }
        for made in &install.makes {
            let link = workplace.work().join(made);
            make_parent(&link)?;
            symlink(kept.join(made), &link).map_err(|e| BenchError::at(&link, e))?;
        }
        Ok(Ok(()))
    }

    /// Moves what an install step made to where it is kept. It is there whole or not at all.
    fn keep_install(&self, workplace: &Workplace, install: &Install, kept: &Path) -> Result<(), BenchError> {
        let part = self.installs_dir().join(format!("part-{}", self.next_number()));
        // A leftover of a killed hotseat.
        let _ = fs::remove_dir_all(&part);
        fs::create_dir_all(&part).map_err(|e| BenchError::at(&part, e))?;
        for made in &install.makes {
            // Under its own name: Node looks for packages in folders called node_modules.
            let (from, to) = (workplace.work().join(made), part.join(made));
            make_parent(&to)?;
            fs::rename(&from, &to).map_err(|e| BenchError::at(&from, e))?;
        }
        fs::rename(&part, kept).map_err(|e| BenchError::at(kept, e))
    }

    async fn run_build(
        &self,
        workplace: &Workplace,
        command: &str,
        recipe: &Recipe,
    ) -> Result<Result<(), Failed>, BenchError> {
        let caches = self.home.join("caches");
        fs::create_dir_all(&caches).map_err(|e| BenchError::at(&caches, e))?;
        if let Some(RunAs { uid, gid }) = self.program_user() {
            let owned = std::os::unix::fs::chown(&caches, Some(uid), Some(gid));
            owned.map_err(|e| BenchError::at(&caches, e))?;
        }
        let mut launch = workplace.launch(0, command, recipe)?;
        // Settings of package managers, proxies, certificates: a build needs what its user needs.
        let of_the_user = std::env::vars().filter(|(name, _)| name != "TMPDIR");
        launch.env = of_the_user.chain(launch.env).collect();
        launch.env.insert("HOME".into(), caches.display().to_string());
        launch.sandbox.write.push(caches);
        launch.sandbox.network = Network::Open;
        launch.limits.memory_bytes = BUILD_MEMORY_BYTES;
        launch.limits.tasks = 4096;
        launch.limits.disk_bytes = 4 << 30;
        launch.limits.file_bytes = 1 << 30;
        let built = program::build(&launch, BUILD_LIMIT).await.map_err(ours)?;
        if built.succeeded() {
            return Ok(Ok(()));
        }
        let said = built.end.output.last_lines(LINES_SHOWN);
        let machine = matches!(built.end.exceeded, Some(Exceeded::Time { .. })) || sounds_offline(&said);
        Ok(Err(Failed { what: format!("`{command}` {}; its last output:\n{said}", built.end), machine }))
    }
}

impl Workplace {
    fn work(&self) -> PathBuf {
        self.folder.join("work")
    }

    /// How a command of the workspace is started; `instance` from 1, or 0 for the build.
    pub(crate) fn launch(&self, instance: u32, command: &str, recipe: &Recipe) -> Result<Launch, BenchError> {
        let scratch = self.folder.join(format!("scratch-{instance}"));
        fs::create_dir_all(&scratch).map_err(|e| BenchError::at(&scratch, e))?;
        let mut env: BTreeMap<String, String> = toolchain_homes().collect();
        env.extend(recipe.env.clone());
        if let Ok(path) = std::env::var("PATH") {
            env.entry("PATH".into()).or_insert(path);
        }
        let mut launch = Launch::new(["sh", "-c", command], self.work(), scratch, self.sandbox.level);
        launch.env = env;
        launch.sandbox = self.sandbox.clone();
        Ok(launch)
    }
}

fn make_parent(path: &Path) -> Result<(), BenchError> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent).map_err(|e| BenchError::at(parent, e))
}

/// Version managers look for their toolchains in the home folder, and a program has another one.
fn toolchain_homes() -> impl Iterator<Item = (String, String)> {
    let home = std::env::var("HOME").unwrap_or_default();
    let known =
        [("RUSTUP_HOME", ".rustup"), ("PYENV_ROOT", ".pyenv"), ("NVM_DIR", ".nvm"), ("VOLTA_HOME", ".volta")];
    known.into_iter().filter_map(move |(variable, folder)| {
        let here = Path::new(&home).join(folder);
        let place =
            std::env::var(variable).ok().or_else(|| here.exists().then(|| here.display().to_string()));
        place.map(|place| (variable.to_string(), place))
    })
}

/// A supervisor that does not start is our fault; a command that is not there is said by `sh`.
pub(crate) fn ours(error: StartError) -> BenchError {
    BenchError::Ours(error.to_string())
}

/// Words by which package managers say that they do not reach the network.
fn sounds_offline(said: &str) -> bool {
    let said = said.to_ascii_lowercase();
    let words = [
        "could not resolve host",
        "temporary failure in name resolution",
        "name or service not known",
        "network is unreachable",
        "no such host",
        "enotfound",
        "eai_again",
        "failed to establish a new connection",
        "connection timed out",
        "i/o timeout",
        "no space left on device",
    ];
    words.iter().any(|word| said.contains(word))
}
