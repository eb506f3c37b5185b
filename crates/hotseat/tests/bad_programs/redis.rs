//! A program with a Redis, which lives as long as its run.

use std::path::Path;

use serde_json::Value;

use crate::echo::{Echo, pack};

fn has_redis() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there = |name: &str| {
        std::env::split_paths(&path).any(|dir: std::path::PathBuf| Path::new(&dir).join(name).is_file())
    };
    is_there("redis-server") || is_there("valkey-server")
}

#[test]
fn two_instances_share_a_counter_that_survives_one_of_them() {
    if !has_redis() {
        eprintln!("skipped: neither redis-server nor valkey-server is installed");
        return;
    }
    let echo = Echo::new();
    let pack = pack().display().to_string();
    let ran = echo.home.hotseat(["drill", "prove", "count", "--json", "--pack", &pack]);
    let proof: Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
    assert_eq!((&proof["right"], &proof["of"]), (&Value::from(4), &Value::from(4)), "{}", ran.stdout);
    echo.assert_nothing_is_left();
}
