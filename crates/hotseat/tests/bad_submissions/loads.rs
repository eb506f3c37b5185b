//! Broken and endless submissions to a load, where many run at once.

use crate::support::{Ruled, TestHome};

const RIGHT_MOVE: &str = "UPDATE shelf SET items = items + CASE id WHEN :from_id THEN -1 ELSE 1 END\n\
     WHERE id IN (:from_id, :to_id);\n";

fn check_move(home: &TestHome, script: &str) -> Ruled {
    home.check(&home.workspace("tiny-load", "move", &[("move.sql", script)]))
}

#[test]
fn a_right_script_passes_and_the_starter_loses_moves() {
    let home = TestHome::warm();
    check_move(&home, &format!("\\retry on 40P01\n{RIGHT_MOVE}")).passes();
    home.check(&home.workspace("tiny-load", "move", &[])).fails("every-move-counts");
}

#[test]
fn a_syntax_error_in_an_operation_is_named_with_its_line() {
    let home = TestHome::warm();
    let ruled = check_move(&home, "BEGIN;\nUPDATE shelf SET items == items;\nCOMMIT;\n");
    ruled.does_not_run("move.sql", 2, &["syntax error"]);
}

#[test]
fn a_backslash_command_that_is_not_there_is_named_with_its_line() {
    let home = TestHome::warm();
    let ruled = check_move(&home, "SELECT 1;\n\\shell touch /tmp/x\n");
    ruled.does_not_run("move.sql", 2, &["\\shell"]);
}

#[test]
fn an_empty_operation_does_not_run() {
    let home = TestHome::warm();
    check_move(&home, "").does_not_run("move.sql", None, &["no SQL statement"]);
}

#[test]
fn a_transaction_that_is_never_committed_did_not_happen() {
    let home = TestHome::warm();
    check_move(&home, &format!("BEGIN;\n{RIGHT_MOVE}")).fails("every-move-counts");
}

#[test]
fn an_endless_operation_is_stopped() {
    let home = TestHome::warm();
    let ruled = check_move(&home, "SELECT 1;\nSELECT pg_sleep(60);\n");
    ruled.does_not_run("move.sql", 2, &["still running after 5 s"]);
}

#[test]
fn an_operation_that_retries_for_ever_is_given_up() {
    let home = TestHome::warm();
    check_move(&home, &format!("{RIGHT_MOVE}\\retry\n")).fails("every-move-counts");
}

#[test]
fn an_operation_may_not_drop_the_table() {
    let home = TestHome::warm();
    let ruled = check_move(&home, "DROP TABLE shelf;\n");
    ruled.fails("runs");
    check_move(&home, &format!("\\retry on 40P01\n{RIGHT_MOVE}")).passes();
}

#[test]
fn an_operation_that_keeps_its_lock_does_not_hold_up_the_run_for_ever() {
    let home = TestHome::warm();
    // A client lets go when its session ends; then the next one moves what is left.
    let ruled = check_move(&home, &format!("SELECT pg_advisory_lock(1);\n{RIGHT_MOVE}"));
    assert_ne!(ruled.ruling(), "void", "{:#}", ruled.json);
    check_move(&home, &format!("\\retry on 40P01\n{RIGHT_MOVE}")).passes();
}
