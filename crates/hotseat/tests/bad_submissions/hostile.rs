//! Submissions that want more than they may: other roles, files, programs, settings that outlive them.

use std::path::Path;

use crate::support::{RIGHT_INDEX, TestHome};

/// Each of these is refused by PostgreSQL, because the learner has no such right: a script that
/// insists on every refusal runs to its end.
#[track_caller]
fn are_refused(home: &TestHome, statements: &[&str]) {
    let insist = |sql: &&str| {
        format!(
            "DO $hotseat$ BEGIN\n  EXECUTE $sql${sql}$sql$;\n  RAISE $$allowed: %$$, $sql${sql}$sql$;\n\
             EXCEPTION WHEN insufficient_privilege THEN NULL; END $hotseat$;\n"
        )
    };
    let script: String = statements.iter().map(insist).collect();
    home.check_schema(&format!("{RIGHT_INDEX}{script}")).passes();
}

/// As [`are_refused`], for one that cannot stand in a transaction.
#[track_caller]
fn is_refused(home: &TestHome, sql: &str) {
    let ruled = home.check_schema(&format!("{RIGHT_INDEX}{sql};\n")).does_not_run("schema.sql", 2, &[]);
    assert_eq!(ruled.counterexample("runs")["sqlstate"], "42501", "{sql}");
}

#[test]
fn nobody_becomes_somebody_else() {
    let home = TestHome::warm();
    are_refused(
        &home,
        &[
            "ALTER ROLE learner SUPERUSER",
            "ALTER ROLE learner CREATEDB CREATEROLE REPLICATION BYPASSRLS",
            "CREATE ROLE other SUPERUSER",
            "SET ROLE judge",
            "SET SESSION AUTHORIZATION judge",
            "SET ROLE app",
            "SET ROLE reference",
            "SET ROLE seeder",
            "GRANT pg_execute_server_program TO learner",
            "GRANT judge TO learner",
            "UPDATE pg_authid SET rolsuper = true WHERE rolname = 'learner'",
            "SET session_replication_role = replica",
        ],
    );
    is_refused(&home, "SET ROLE judge");
    is_refused(&home, "SET SESSION AUTHORIZATION judge");
}

#[test]
fn no_program_is_started_and_no_file_is_touched() {
    let home = TestHome::warm();
    let file = home.bench().join("data/stolen");
    let path = file.display();
    are_refused(
        &home,
        &[
            &format!("COPY item TO PROGRAM 'cat > {path}'"),
            &format!("COPY item TO '{path}'"),
            "COPY item (about) FROM '/etc/passwd'",
            "COPY item (about) FROM PROGRAM 'id'",
            "SELECT pg_read_file('/etc/passwd')",
            "SELECT pg_ls_dir('/')",
            "SELECT lo_import('/etc/passwd')",
            "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'libc', 'getpid'",
            "LOAD 'auto_explain'",
        ],
    );
    let ruled = home.check_schema(&format!("COPY item TO PROGRAM 'cat > {path}';\n"));
    ruled.does_not_run("schema.sql", 1, &["program"]);
    assert!(!file.exists(), "{path} was written");
}

#[test]
fn no_extension_opens_a_door() {
    let home = TestHome::warm();
    for extension in ["dblink", "file_fdw"] {
        let ruled = home.check_schema(&format!("CREATE EXTENSION {extension};\n"));
        let ruled = ruled.does_not_run("schema.sql", 1, &[extension]);
        let sqlstate = &ruled.counterexample("runs")["sqlstate"];
        // Refused, or not installed on this machine.
        assert!(*sqlstate == "42501" || *sqlstate == "0A000", "{extension}: {sqlstate}");
    }
}

#[test]
fn the_server_keeps_its_settings() {
    let home = TestHome::warm();
    is_refused(&home, "ALTER SYSTEM SET enable_seqscan = off");
    are_refused(
        &home,
        &[
            "ALTER ROLE ALL SET enable_seqscan = off",
            "ALTER ROLE reference SET enable_indexscan = off",
            "ALTER ROLE app SET enable_indexscan = off",
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = 64', current_database()); END $$",
            "SELECT pg_reload_conf()",
            "SET temp_file_limit = -1",
            "SET log_statement = 'all'",
        ],
    );
    let auto = std::fs::read_to_string(home.bench().join("data/postgresql.auto.conf")).unwrap_or_default();
    assert!(!auto.contains("seqscan"), "{auto}");
}

#[test]
fn other_databases_and_the_judges_own_schema_are_out_of_reach() {
    let home = TestHome::warm();
    is_refused(&home, "CREATE DATABASE mine");
    are_refused(
        &home,
        &[
            "CREATE PUBLICATION mine",
            "CREATE SCHEMA mine",
            "CREATE TABLE hotseat.mine (id integer)",
            "CREATE OR REPLACE FUNCTION hotseat.draw(key text, n bigint) RETURNS float8 LANGUAGE sql RETURN 0",
            "DROP FUNCTION hotseat.draw",
            "SELECT pg_stat_statements_reset()",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN ('reference', 'judge')",
        ],
    );
}

#[test]
fn settings_of_the_learners_role_end_with_the_judging() {
    let home = TestHome::warm();
    home.check_schema(
        "ALTER ROLE learner SET enable_indexscan = off;\nALTER ROLE learner SET work_mem = '64kB';\n",
    )
    .fails("few-blocks");
    // This query finds its rows only where the settings are the server's own.
    let ruled = home.check_query(
        "SELECT id, price FROM item WHERE shelf = :shelf AND current_setting('enable_indexscan') = 'on' \
         AND current_setting('work_mem') = '4MB' ORDER BY price, id",
    );
    ruled.passes();
}

#[test]
fn settings_of_the_learners_role_end_with_the_judging_when_it_is_stopped() {
    let home = TestHome::warm();
    home.check_schema("ALTER ROLE learner SET search_path = pg_catalog;\nSELECT pg_sleep(60);\n")
        .fails("runs");
    home.check_schema(RIGHT_INDEX).passes();
}

#[test]
fn memberships_that_a_learner_gives_away_end_with_the_judging() {
    let home = TestHome::warm();
    // Older servers let a role take itself away from its members; newer ones refuse.
    let first = home.check_schema(&format!("{RIGHT_INDEX}REVOKE learner FROM app;\n"));
    assert!(first.ruling() == "pass" || first.broken() == ["runs"], "{:#}", first.json);
    // The next learner makes a view, which is the learner's own and not the owner's; app still has to
    // write through the trigger that reads it.
    let ruled = home.check_schema(
        "CREATE INDEX item_shelf ON item (shelf);\nCREATE TABLE log (id integer);\n\
         CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n\
           INSERT INTO log VALUES (NEW.id); RETURN NEW; END $$;\n\
         CREATE TRIGGER noted AFTER INSERT ON item FOR EACH ROW EXECUTE FUNCTION noted();\n",
    );
    ruled.passes();
}

#[test]
fn a_membership_that_a_learner_grants_ends_with_the_judging() {
    let home = TestHome::warm();
    let first = home.check_schema(&format!("{RIGHT_INDEX}GRANT learner TO reference;\n"));
    assert!(first.ruling() == "pass" || first.broken() == ["runs"], "{:#}", first.json);
    let ruled = home.check_schema(
        "DO $$ BEGIN IF pg_has_role('reference', 'learner', 'MEMBER') THEN RAISE 'still granted'; END IF; END $$;\n",
    );
    ruled.fails("few-blocks");
}

/// What a function tries when the judge makes it run; it hides its failure, so that the run goes on.
fn attempts(file: &Path) -> String {
    let tries = [
        "ALTER ROLE learner SUPERUSER".to_string(),
        "SET ROLE judge".to_string(),
        "RESET SESSION AUTHORIZATION; ALTER ROLE learner SUPERUSER".to_string(),
        "UPDATE pg_authid SET rolsuper = true WHERE rolname = ''learner''".to_string(),
        format!("COPY (SELECT current_user) TO ''{}''", file.display()),
        format!("COPY (SELECT 1) TO PROGRAM ''touch {}''", file.display()),
    ];
    let tries = tries.map(|sql| format!("BEGIN EXECUTE '{sql}'; EXCEPTION WHEN OTHERS THEN NULL; END;"));
    tries.join("\n")
}

#[test]
fn a_trigger_that_the_judge_fires_has_no_more_rights_than_the_learner() {
    let home = TestHome::warm();
    let file = home.bench().join("data/stolen");
    let ruled = home.check_schema(&format!(
        "{RIGHT_INDEX}CREATE FUNCTION rise() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n{}\nRETURN NEW; END $$;\n\
         CREATE TRIGGER rise BEFORE INSERT OR UPDATE ON item FOR EACH ROW EXECUTE FUNCTION rise();\n",
        attempts(&file)
    ));
    ruled.passes();
    assert!(!file.exists(), "the trigger wrote a file");
}

#[test]
fn an_index_expression_that_the_judge_analyses_has_no_more_rights_than_the_learner() {
    let home = TestHome::warm();
    let file = home.bench().join("data/stolen");
    let ruled = home.check_schema(&format!(
        "{RIGHT_INDEX}CREATE FUNCTION rise(n integer) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN\n{}\n\
         RETURN n; END $$;\nCREATE INDEX item_risen ON item (rise(price));\n\
         CREATE TABLE risen AS SELECT id FROM item;\nCREATE INDEX risen_id ON risen (rise(id));\n",
        attempts(&file)
    ));
    ruled.passes();
    assert!(!file.exists(), "the index's function wrote a file");
}

#[test]
fn a_function_that_poses_as_a_built_in_never_runs_for_the_judge() {
    let home = TestHome::warm();
    let file = home.bench().join("data/stolen");
    // `format` with exactly these types fits better than the built-in one, wherever it is looked for.
    let pose = |types: &str| {
        format!(
            "CREATE FUNCTION public.format({types}) RETURNS text LANGUAGE plpgsql AS $$ BEGIN\n{}\n\
             RETURN 'SELECT 1'; END $$;\n",
            attempts(&file)
        )
    };
    let ruled = home.check_schema(&format!(
        "{RIGHT_INDEX}{}{}CREATE TABLE bait (id integer);\n",
        pose("text, regnamespace, name"),
        pose("text, name, name")
    ));
    ruled.passes();
    assert!(!file.exists(), "the function ran as the judge, and wrote a file");
}

#[test]
fn ones_own_session_may_be_ended_and_that_does_not_run() {
    let home = TestHome::warm();
    let ruled = home.check_schema("SELECT pg_terminate_backend(pg_backend_pid());\n");
    assert_ne!(ruled.ruling(), "pass", "{:#}", ruled.json);
    home.check_schema(RIGHT_INDEX).passes();
}
