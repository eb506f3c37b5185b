//! Submissions that are broken, endless or too much: each gets a ruling with the right claim, the
//! right line, and leaves nothing behind. Those that mean harm are in `hostile`, those of loads in
//! `loads`.

#[path = "../support/mod.rs"]
mod support;

mod hostile;
mod loads;

use support::{RIGHT_INDEX, RIGHT_QUERY, TestHome};

#[test]
fn a_syntax_error_in_a_script_is_named_with_its_line() {
    let home = TestHome::warm();
    let ruled = home.check_schema("-- My index.\n\nCREATE INDX item_shelf\n  ON item (shelf);\n");
    ruled.does_not_run("schema.sql", 3, &["syntax error", "INDX"]);
}

#[test]
fn an_error_inside_a_long_statement_is_named_with_the_line_that_it_is_on() {
    let home = TestHome::warm();
    let ruled = home.check_schema(
        "CREATE INDEX item_price ON item (price);\nCREATE INDEX item_shelf\n  ON item\n  (shelv);\n",
    );
    ruled.does_not_run("schema.sql", None, &["shelv"]);
}

#[test]
fn a_syntax_error_in_a_query_is_named_with_its_line() {
    let home = TestHome::warm();
    let ruled = home.check_query("SELECT id, price\nFROM item\nWERE shelf = :shelf\n");
    ruled.does_not_run("query.sql", 3, &["syntax error", "shelf"]);
}

#[test]
fn a_column_that_is_not_there_is_named_with_its_line() {
    let home = TestHome::warm();
    let ruled = home.check_query("\n\nSELECT id,\n       cost\nFROM item WHERE shelf = :shelf");
    ruled.does_not_run("query.sql", 4, &["column", "cost"]);
}

#[test]
fn a_parameter_that_is_not_there_is_named_with_those_that_are() {
    let home = TestHome::warm();
    let ruled = home.check_query("SELECT id, price FROM item\nWHERE shelf = :self ORDER BY price, id");
    ruled.does_not_run("query.sql", 2, &[":self", ":shelf"]);
}

#[test]
fn an_empty_script_is_judged_like_any_other() {
    let home = TestHome::warm();
    home.check_schema("").fails("few-blocks");
}

#[test]
fn a_script_of_comments_only_is_judged_like_any_other() {
    let home = TestHome::warm();
    home.check_schema("-- nothing yet\n/* nor /* here */ */\n;;\n").fails("few-blocks");
}

#[test]
fn an_empty_query_does_not_run() {
    let home = TestHome::warm();
    home.check_query(" \n").does_not_run("query.sql", None, &["no statement"]);
    home.check_query("-- later\n").does_not_run("query.sql", None, &["no statement"]);
}

#[test]
fn a_quotation_that_never_ends_is_named_where_it_begins() {
    let home = TestHome::warm();
    let ruled = home.check_schema("CREATE INDEX item_shelf ON item (shelf);\nSELECT 'half;\n\n");
    ruled.does_not_run("schema.sql", 2, &["never ends"]);
}

#[test]
fn commands_of_psql_are_no_sql() {
    let home = TestHome::warm();
    let ruled = home.check_schema("CREATE INDEX item_shelf ON item (shelf);\n\\d item\n");
    ruled.does_not_run("schema.sql", 2, &["\\d", "psql"]);
    home.check_query("\\! id\nSELECT 1").does_not_run("query.sql", 1, &["psql"]);
}

#[test]
fn a_transaction_left_open_is_named_where_it_begins() {
    let home = TestHome::warm();
    let ruled = home.check_schema("\nBEGIN;\nCREATE INDEX item_shelf ON item (shelf);\n");
    ruled.does_not_run("schema.sql", 2, &["transaction was left open", "COMMIT"]);
}

#[test]
fn a_transaction_that_is_ended_is_fine() {
    let home = TestHome::warm();
    home.check_schema("BEGIN;\nCREATE INDEX item_shelf ON item (shelf);\nCOMMIT;\n").passes();
}

// --- endless -----------------------------------------------------------------------------------------

#[test]
fn an_endless_query_is_stopped_and_fails_because_the_reference_was_quick() {
    let home = TestHome::warm();
    let ruled = home.check_query(
        "SELECT id, price FROM item WHERE shelf = :shelf\nAND (WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL \
         SELECT n + 1 FROM n) SELECT count(*) FROM n) > 0 ORDER BY price, id",
    );
    ruled.does_not_run("query.sql", 1, &["still running after 5 s"]);
}

#[test]
fn a_sleeping_script_is_stopped() {
    let home = TestHome::warm();
    let ruled = home.check_schema("CREATE INDEX item_shelf ON item (shelf);\nSELECT pg_sleep(60);\n");
    ruled.does_not_run("schema.sql", 2, &["still running after 5 s"]);
}

#[test]
fn an_endless_script_cannot_lift_its_own_limit() {
    let home = TestHome::warm();
    let ruled = home.check_schema(
        "SET statement_timeout = 0;\nSET lock_timeout = 0;\nSET client_connection_check_interval = 0;\n\
         DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$;\n",
    );
    ruled.does_not_run("schema.sql", 4, &["still running after 5 s"]);
}

#[test]
fn an_endless_script_that_swallows_its_cancellation_is_stopped_all_the_same() {
    let home = TestHome::warm();
    let ruled = home.check_schema(
        "DO $$ BEGIN LOOP\n  BEGIN PERFORM pg_sleep(1); EXCEPTION WHEN query_canceled THEN NULL; END;\n\
         END LOOP; END $$;\n",
    );
    ruled.does_not_run("schema.sql", 1, &["still running after 5 s"]);
    home.assert_nothing_runs();
    home.check_schema(RIGHT_INDEX).passes();
}

// --- too much ----------------------------------------------------------------------------------------

#[test]
fn a_result_of_a_million_rows_is_cut_off() {
    let home = TestHome::warm();
    let ruled =
        home.check_query("SELECT id, price FROM item, generate_series(1, 100000) WHERE shelf = :shelf");
    ruled.does_not_run("query.sql", None, &["more than 1000 rows"]);
}

#[test]
fn a_value_of_hundreds_of_megabytes_is_a_wrong_answer_and_no_accident() {
    let home = TestHome::warm();
    let ruled = home.check_query(
        "SELECT id, repeat('x', 300000000) AS price FROM item WHERE shelf = :shelf ORDER BY id LIMIT 1",
    );
    assert_eq!(ruled.ruling(), "fail", "{:#}", ruled.json);
    home.check_schema(RIGHT_INDEX).passes();
}

#[test]
fn a_table_that_fills_the_disk_is_stopped_and_removed() {
    let home = TestHome::warm();
    let ruled = home.check_schema(
        "CREATE TABLE big AS SELECT n, repeat('x', 1000) AS x FROM generate_series(1, 100000000) AS n;\n",
    );
    let ruled = ruled.does_not_run("schema.sql", 1, &[]);
    let said = ruled.counterexample("runs")["message"].as_str().unwrap_or_default();
    assert!(said.contains("still running") || said.contains("grew by more than"), "{said}");
    let bytes = support::files_below(&home.bench()).into_iter();
    let bytes = bytes.filter_map(|file| home.bench().join(file).metadata().ok()).map(|it| it.len());
    let mb = bytes.sum::<u64>() / 1_000_000;
    assert!(mb < 400, "{mb} MB are left in the bench's folder");
}

#[test]
fn a_sort_that_fills_the_disk_is_stopped() {
    let home = TestHome::warm();
    let ruled = home.check_query(
        "SELECT id, price FROM item WHERE shelf = :shelf AND (SELECT count(*) FROM (SELECT repeat('y', 500) || n \
         FROM generate_series(1, 100000000) AS n ORDER BY 1 DESC OFFSET 1) AS s) > 0 ORDER BY price, id",
    );
    ruled.does_not_run("query.sql", None, &[]);
    home.check_schema(RIGHT_INDEX).passes();
}

// --- destructive -------------------------------------------------------------------------------------

#[test]
fn a_dropped_table_fails_and_the_next_judging_has_it_again() {
    let home = TestHome::warm();
    home.check_schema("DROP TABLE item CASCADE;\n").does_not_run(
        "query.sql",
        None,
        &["item", "does not exist"],
    );
    home.check_schema(RIGHT_INDEX).passes();
}

#[test]
fn dropping_all_that_the_owner_owns_fails_and_the_next_judging_has_it_again() {
    let home = TestHome::warm();
    home.check_schema("DROP OWNED BY owner CASCADE;\n").fails("runs");
    home.check_schema(RIGHT_INDEX).passes();
}

#[test]
fn dropping_all_that_one_owns_oneself_changes_nothing() {
    let home = TestHome::warm();
    home.check_schema("DROP OWNED BY CURRENT_USER CASCADE;\n").fails("few-blocks");
    home.check_schema(RIGHT_INDEX).passes();
}

#[test]
fn all_rows_deleted_is_no_way_to_few_blocks() {
    let home = TestHome::warm();
    home.check_schema("TRUNCATE item;\n").fails("same-rows");
}

#[test]
fn a_second_statement_in_a_query_is_refused() {
    let home = TestHome::warm();
    let ruled = home.check_query("SELECT 1) q;\nDROP TABLE item; --\n");
    ruled.does_not_run("query.sql", 2, &["second statement"]);
    let ruled = home.check_query(&format!("{RIGHT_QUERY}\nDELETE FROM item"));
    ruled.does_not_run("query.sql", None, &["second statement"]);
}

#[test]
fn a_query_cannot_break_out_of_what_the_judge_puts_around_it() {
    let home = TestHome::warm();
    home.check_query("SELECT 1) hotseat --").does_not_run("query.sql", 1, &["syntax error"]);
    home.check_query("SELECT 1 /* and so on").does_not_run("query.sql", 1, &["never ends"]);
    home.check_query("DELETE FROM item RETURNING id, price").fails("runs");
    let ruled = home.check_query(
        "WITH gone AS (DELETE FROM item RETURNING id, price, shelf)\nSELECT id, price FROM gone WHERE shelf = :shelf",
    );
    ruled.fails("runs");
}
