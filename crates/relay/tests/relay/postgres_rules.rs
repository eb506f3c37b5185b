//! PostgreSQL: each trigger and action, seen from both peers.

use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use relay::{Action, Close, Forwarded, Kind, Outcome, Pattern, Protocol, Relay, Rule, Trigger};
use tokio_postgres::Client;

use crate::support::postgres::Server;
use crate::support::{number, relay, session, until, within};

const ROWS: &str = "SELECT count(*) FROM payment";

/// A server with an empty table, a relay in front of it, a session past the relay and one through it.
async fn setting(test: &str) -> Option<(Server, Relay, Client, Client)> {
    let server = Server::start(test, None).await?;
    let relay = relay(&server.socket(), Protocol::Postgres);
    let direct = session(&server.socket()).await;
    let table = "CREATE TABLE payment (id bigint PRIMARY KEY, amount text)";
    direct.batch_execute(table).await.expect("the table is made");
    let client = session(relay.address()).await;
    Some((server, relay, direct, client))
}

async fn pay(client: &Client, id: i64) -> Result<(), tokio_postgres::Error> {
    client.batch_execute("BEGIN").await?;
    client.execute("INSERT INTO payment VALUES ($1, 'a')", &[&id]).await?;
    client.batch_execute("COMMIT").await
}

#[tokio::test]
async fn a_commit_is_there_for_others_while_its_client_still_waits() {
    let Some((_server, relay, direct, client)) = setting("a_commit_is_there_for_others").await else {
        return;
    };
    let held = relay.arm(Rule::on(Trigger::complete("COMMIT")).nth(2).then(Action::Hold));
    within(pay(&client, 1)).await.expect("the first is not meant");
    let mut paying = std::pin::pin!(pay(&client, 2));
    let firing = tokio::select! {
        ended = &mut paying => panic!("the acknowledgement came through: {ended:?}"),
        firing = within(held.fired()) => firing.expect("it fires"),
    };
    assert_eq!((firing.nth, firing.forwarded), (2, Forwarded::Nothing));
    assert_eq!(
        (firing.message.text.as_deref(), firing.message.about.as_deref()),
        (Some("COMMIT"), Some("COMMIT"))
    );
    assert_eq!(number(&direct, ROWS).await, 2);
    assert!(tokio::time::timeout(Duration::from_millis(50), &mut paying).await.is_err(), "the client waits");
    held.release();
    within(paying).await.expect("it is told at last");
}

#[tokio::test]
async fn a_prepared_commit_is_held_before_the_server_hears_of_it() {
    let Some((_server, relay, direct, client)) = setting("a_prepared_commit_is_held").await else { return };
    let commit = client.prepare("commit").await.expect("it can be prepared");
    let insert = client.prepare("INSERT INTO payment VALUES ($1, 'a')").await.expect("it can be prepared");
    let sent = relay.arm(Rule::on(Trigger::statement("insert into payment")).every());
    let held = relay.arm(Rule::on(Trigger::statement("COMMIT")).nth(2).then(Action::Hold));
    for id in [1, 2] {
        client.batch_execute("BEGIN").await.expect("it begins");
        client.execute(&insert, &[&i64::from(id)]).await.expect("it is new");
        if id == 1 {
            client.execute(&commit, &[]).await.expect("the first is not meant");
        }
    }
    let mut committing = std::pin::pin!(client.execute(&commit, &[]));
    let firing = tokio::select! {
        ended = &mut committing => panic!("the statement was not held: {ended:?}"),
        firing = within(held.fired()) => firing.expect("it fires"),
    };
    assert_eq!(firing.message.kind, Kind::Execute);
    assert_eq!(number(&direct, ROWS).await, 1);
    held.disarm();
    within(committing).await.expect("it is done at last");
    assert_eq!(number(&direct, ROWS).await, 2);
    assert_eq!(sent.effect().fired, 2);
}

#[tokio::test]
async fn a_commit_that_is_cut_off_is_not_done_and_one_that_went_is() {
    let Some((_server, relay, direct, client)) = setting("a_commit_that_is_cut_off").await else { return };
    let before = relay.arm(Rule::on(Trigger::statement("COMMIT")).then(Action::Cut(Close::Reset)));
    within(pay(&client, 1)).await.expect_err("the connection is cut");
    assert_eq!(before.effect().firings[0].outcome, Outcome::Done);
    until("the connection is gone", || relay.connections().is_empty()).await;
    let gone = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'";
    let one_left = async {
        while number(&direct, gone).await > 1 {
            tokio::task::yield_now().await;
        }
    };
    within(one_left).await;
    assert_eq!(number(&direct, ROWS).await, 0);

    // One message at a time: a server that cannot write an earlier answer does not begin the next statement.
    let client = session(relay.address()).await;
    client.batch_execute("BEGIN; INSERT INTO payment VALUES (2, 'a')").await.expect("it is new");
    let after = relay.arm(Rule::on(Trigger::statement("COMMIT")).after().then(Action::Cut(Close::Finish)));
    within(client.batch_execute("COMMIT")).await.expect_err("the connection is cut");
    assert_eq!(after.effect().firings[0].forwarded, Forwarded::Whole);
    let arrived = async {
        while number(&direct, ROWS).await < 1 {
            tokio::task::yield_now().await;
        }
    };
    within(arrived).await;

    let client = session(relay.address()).await;
    relay.arm(Rule::on(Trigger::complete("COMMIT")).then(Action::Cut(Close::Reset)));
    within(pay(&client, 3)).await.expect_err("the acknowledgement is cut off");
    assert_eq!(number(&direct, ROWS).await, 2, "what was acknowledged is there at once");
}

#[tokio::test]
async fn a_program_is_killed_between_its_commit_and_the_acknowledgement() {
    let Some((server, relay, direct, _)) = setting("a_program_is_killed").await else { return };
    let port = relay.address().port().expect("it listens on TCP");
    let held = relay.arm(Rule::on(Trigger::complete("COMMIT")).nth(7).then(Action::Hold));
    let payments = (1..=20).map(|id| format!("BEGIN; INSERT INTO payment VALUES ({id}, 'a'); COMMIT;"));
    let arguments: Vec<String> = payments.flat_map(|sql| split(&sql)).collect();
    let mut psql = server.client("psql", port).args(["-X", "-q"]).args(arguments).spawn().expect("psql runs");
    within(held.fired()).await.expect("it fires");
    kill(Pid::from_raw(i32::try_from(psql.id()).expect("it is small")), Signal::SIGKILL).expect("it is ours");
    psql.wait().expect("it is ours");
    held.release();
    assert_eq!(number(&direct, ROWS).await, 7);
    assert_eq!(held.effect().fired, 1);
}

/// One `-c` for each statement, so that each is a message of its own.
fn split(sql: &str) -> Vec<String> {
    let statements = sql.split_inclusive(';').map(|statement| statement.trim().to_owned());
    statements.flat_map(|statement| ["-c".to_owned(), statement]).collect()
}

#[tokio::test]
async fn an_acknowledgement_is_found_by_its_statement() {
    let Some((_server, relay, direct, client)) = setting("an_acknowledgement_is_found").await else { return };
    direct.batch_execute("CREATE TABLE payment_log (id bigint)").await.expect("the table is made");
    let cut = Rule::on(Trigger::complete_of("INSERT INTO payment")).then(Action::Cut(Close::Finish));
    let cut = relay.arm(cut);
    let failed =
        relay.arm(Rule::on(Trigger::message(Kind::Error).text("23505").about(Pattern::contains("PAYMENT"))));
    client.batch_execute("INSERT INTO payment_log VALUES (1)").await.expect("another table is not meant");
    direct.batch_execute("INSERT INTO payment VALUES (1, 'a')").await.expect("past the relay");
    client.execute("INSERT INTO payment VALUES (1, 'b')", &[]).await.expect_err("it is a duplicate");
    assert!(within(failed.fired()).await.is_some());
    assert_eq!(cut.effect().seen, 0, "an error is no acknowledgement");
    within(client.execute("INSERT INTO payment VALUES (2, 'b')", &[])).await.expect_err("it is cut");
    assert_eq!(number(&direct, ROWS).await, 2);
}

#[tokio::test]
async fn ready_startup_and_a_truncated_row() {
    let Some((_server, relay, _direct, client)) = setting("ready_startup_and_a_truncated_row").await else {
        return;
    };
    let ready = relay.arm(Rule::on(Trigger::ready().text("T")).every());
    let startup = relay.arm(Rule::on(Trigger::startup().text(Pattern::contains("user=judge"))));
    for statement in ["BEGIN", "INSERT INTO payment VALUES (1, 'a')", "COMMIT"] {
        within(client.batch_execute(statement)).await.expect("it goes through");
    }
    assert_eq!(ready.effect().fired, 2, "after BEGIN and after the INSERT a transaction is open");
    let other = session(relay.address()).await;
    assert_eq!(startup.effect().fired, 1);
    let row = Rule::on(Trigger::message(Kind::DataRow));
    let row = relay.arm(row.then(Action::Truncate { bytes: 9, close: Close::Finish }));
    within(other.query("SELECT amount FROM payment", &[])).await.expect_err("a row is cut short");
    assert_eq!(row.effect().firings[0].forwarded, Forwarded::Bytes(9));
}
