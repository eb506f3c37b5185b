//! PostgreSQL as real clients speak it: pgbench, psql, tokio-postgres.

use futures_util::{SinkExt, StreamExt};
use relay::{Action, Kind, Protocol, Relay, Rule, Trigger};

use crate::support::postgres::Server;
use crate::support::{number, relay, session, until, within};

async fn output(command: std::process::Command) -> (bool, String) {
    let output = within(tokio::process::Command::from(command).output()).await.expect("it runs");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

async fn setting(test: &str) -> Option<(Server, Relay)> {
    let server = Server::start(test, None).await?;
    let relay = relay(&server.socket(), Protocol::Postgres);
    Some((server, relay))
}

#[tokio::test]
async fn pgbench_fails_nowhere_and_every_commit_is_counted() {
    let Some((server, relay)) = setting("pgbench_fails_nowhere").await else { return };
    let port = relay.address().port().expect("it listens on TCP");
    let mut initialise = server.client("pgbench", port);
    initialise.args(["-i", "-q"]);
    let (worked, said) = output(initialise).await;
    assert!(worked, "{said}");
    for mode in ["simple", "extended", "prepared"] {
        let acknowledged = relay.arm(Rule::on(Trigger::complete("COMMIT")).every());
        let ended = relay.arm(Rule::on(Trigger::statement("END")).every());
        let mut run = server.client("pgbench", port);
        run.args(["-n", "-c", "4", "-t", "100", "-M", mode]);
        let (worked, said) = output(run).await;
        assert!(worked && said.contains("number of failed transactions: 0 "), "{said}");
        assert!(said.contains("number of transactions actually processed: 400/400"), "{said}");
        assert_eq!((acknowledged.effect().fired, ended.effect().fired), (400, 400), "{mode}");
        acknowledged.disarm();
        ended.disarm();
    }
    assert_eq!(relay.count(Kind::Opaque, None), 0);
    let direct = session(&server.socket()).await;
    assert_eq!(number(&direct, "SELECT count(*) FROM pgbench_history").await, 1200);
}

#[tokio::test]
async fn psql_asks_for_encryption_and_goes_on_without() {
    let Some((server, relay)) = setting("psql_asks_for_encryption").await else { return };
    let port = relay.address().port().expect("it listens on TCP");
    let mut psql = server.client("psql", port);
    psql.env("PGSSLMODE", "prefer").args(["-XAtc", "SELECT 6 * 7"]);
    assert_eq!(output(psql).await, (true, "42\n".to_owned()));
    assert_eq!(relay.count(Kind::EncryptionRequest, Some("TLS")), 1);
    assert_eq!(relay.count(Kind::EncryptionAnswer, Some("N")), 1);
    assert_eq!((relay.count(Kind::Query, Some("SELECT")), relay.count(Kind::Opaque, None)), (1, 0));
    until("it is closed", || relay.count(Kind::Terminate, None) == 1).await;
}

#[tokio::test]
async fn copies_flow_both_ways_and_keep_the_names_in_step() {
    let Some((_server, relay)) = setting("copies_flow_both_ways").await else { return };
    let client = session(relay.address()).await;
    client.batch_execute("CREATE TABLE note (id int, text text)").await.expect("the table is made");
    let copied = relay.arm(Rule::on(Trigger::complete_of("COPY note")).every());
    let selected = relay.arm(Rule::on(Trigger::complete_of("SELECT")).every());
    let mut sink = Box::pin(
        client.copy_in::<_, std::io::Cursor<String>>("COPY note FROM STDIN").await.expect("the copy begins"),
    );
    for id in 0..2_000 {
        let line = format!("{id}\t{}\n", "x".repeat(500));
        sink.feed(std::io::Cursor::new(line)).await.expect("it is sent");
    }
    assert_eq!(within(sink.as_mut().finish()).await.expect("it is whole"), 2_000);
    assert_eq!(number(&client, "SELECT count(*) FROM note").await, 2_000);
    let mut stream = Box::pin(client.copy_out("COPY note TO STDOUT").await.expect("the copy begins"));
    let mut bytes = 0;
    while let Some(piece) = within(stream.next()).await {
        bytes += piece.expect("it is whole").len();
    }
    assert!(bytes > 1_000_000);
    let mut bad =
        Box::pin(client.copy_in::<_, &[u8]>("COPY note FROM STDIN").await.expect("the copy begins"));
    bad.feed(&b"no number\tx\n"[..]).await.expect("it is sent");
    within(bad.as_mut().finish()).await.expect_err("this is no number");
    assert_eq!(number(&client, "SELECT 1::bigint").await, 1);
    assert_eq!(copied.effect().fired, 2, "{:?}", copied.effect());
    assert_eq!(selected.effect().fired, 2, "{:?}", selected.effect());
    assert_eq!(relay.count(Kind::Opaque, None), 0);
}

#[tokio::test]
async fn a_long_message_is_held_at_its_first_byte_and_goes_through_whole() {
    let Some((_server, relay)) = setting("a_long_message_is_held").await else { return };
    let client = session(relay.address()).await;
    let held = relay.arm(Rule::on(Trigger::statement("SELECT length")).then(Action::Hold));
    let long = format!("SELECT length('{}')::bigint, repeat('y', 30000000)", "x".repeat(30_000_000));
    let mut asking = std::pin::pin!(client.simple_query(&long));
    tokio::select! {
        ended = &mut asking => panic!("it was not held: {}", ended.is_ok()),
        fired = within(held.fired()) => assert!(fired.is_some()),
    }
    held.release();
    let rows = within(asking).await.expect("it is answered");
    let row = rows.iter().find_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    let row = row.expect("there is a row");
    assert_eq!((row.get(0), row.get(1).map(str::len)), (Some("30000000"), Some(30_000_000)));
}

#[tokio::test]
async fn a_statement_is_cancelled_through_the_relay() {
    let Some((_server, relay)) = setting("a_statement_is_cancelled").await else { return };
    let client = session(relay.address()).await;
    let forwarded = relay.arm(Rule::on(Trigger::statement("SELECT pg_sleep")).after());
    let cancels = async {
        within(forwarded.fired()).await.expect("it is sent");
        // The request may reach the server before the statement does; then it is to be asked again.
        while forwarded.effect().firings.len() == 1 && relay.count(Kind::Error, None) == 0 {
            client.cancel_token().cancel_query(tokio_postgres::NoTls).await.expect("the server listens");
        }
    };
    let (ended, ()) = tokio::join!(within(client.batch_execute("SELECT pg_sleep(1000)")), cancels);
    let code = ended.expect_err("it is cancelled").code().cloned();
    assert_eq!(code, Some(tokio_postgres::error::SqlState::QUERY_CANCELED));
    assert!(relay.count(Kind::CancelRequest, None) >= 1);
    assert_eq!(relay.count(Kind::Error, Some("57014")), 1);
}
