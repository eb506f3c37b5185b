//! Each drill of the pack proves its judge once: every ruling on its own answers is right.

use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use serde_json::Value;

/// Proves one drill, or says what was wrong.
fn prove(pack: &Path, drill: &str) -> Result<(), String> {
    // Kept between runs of the tests, with the templates in it.
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("home").join(drill);
    let mut command = Command::new(env!("CARGO_BIN_EXE_hotseat"));
    command.args(["drill", "prove", drill, "--json", "--jobs", "2", "--pack"]).arg(pack);
    // Programs take longer to judge than SQL; `make prove` judges all of them.
    if pack.join("drills").join(drill).join("solutions/python/service.toml").exists() {
        command.arg("--part");
    }
    let output = command.env("HOTSEAT_HOME", home).output().expect("hotseat was built");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let proof: Value = serde_json::from_slice(&output.stdout)
        .map_err(|e| format!("{drill}: no JSON ({e}), exit code {:?}\n{said}", output.status.code()))?;
    let submissions = proof["submissions"].as_array().cloned().unwrap_or_default();
    let wrong: Vec<String> =
        submissions.iter().filter(|row| row["right"] != true).map(|row| format!("  {row}")).collect();
    let (right, of) = (proof["right"].as_u64().unwrap_or(0), proof["of"].as_u64().unwrap_or(0));
    if output.status.success() && right == of && of > 0 && wrong.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{drill}: {right} of {of} rulings right, exit code {:?}\n{}\n{said}",
        output.status.code(),
        wrong.join("\n")
    ))
}

#[test]
fn every_ruling_of_every_drill_is_right() {
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/backend");
    let entries = std::fs::read_dir(pack.join("drills")).expect("the pack has drills");
    let mut drills: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    drills.sort();
    assert!(drills.len() >= 3, "the pack has lost drills: {drills:?}");
    // Two drills at a time, because one leaves a core idle whenever it waits.
    let next = Mutex::new(drills.iter());
    let take = || next.lock().expect("no lane has panicked").next();
    let lane = || {
        let mut failures = Vec::new();
        while let Some(drill) = take() {
            failures.extend(prove(&pack, drill).err());
        }
        failures
    };
    let failures = std::thread::scope(|scope| {
        let lanes = [scope.spawn(lane), scope.spawn(lane)];
        lanes.into_iter().flat_map(|lane| lane.join().expect("a lane ends")).collect::<Vec<String>>()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
