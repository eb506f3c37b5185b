//! A machine without a browser: its tests are skipped by name, and under CI they fail.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A test of this binary that is soon over.
const TEST: &str = "keyboard::the_first_tab_leads_past_the_menu";

/// Performs it with only this on the PATH.
fn perform(path: &Path, ci: Option<&str>) -> Output {
    let mut command = Command::new(std::env::current_exe().expect("a test runs"));
    command.args([TEST, "--exact", "--nocapture"]).env("PATH", path).env_remove("CI");
    ci.map(|value| command.env("CI", value));
    command.output().expect("it can be started again")
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it).into_owned()).concat()
}

#[test]
fn without_a_browser_a_test_is_skipped_by_name_and_fails_where_ci_counts_on_it() {
    let nothing = TempDir::new().expect("a folder");
    for ci in [None, Some("false"), Some("")] {
        let ran = perform(nothing.path(), ci);
        let told = said(&ran);
        assert!(ran.status.success(), "{ci:?}: {told}");
        assert!(told.contains("SKIPPED the_first_tab_leads_past_the_menu: "), "{ci:?}: {told}");
    }
    let ran = perform(nothing.path(), Some("true"));
    let told = said(&ran);
    assert!(!ran.status.success(), "{told}");
    assert!(told.contains("no chromedriver is installed") && told.contains("CI"), "{told}");
}
