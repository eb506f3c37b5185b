//! Redis: its own benchmark through a relay, and rules seen from both peers.

use std::process::{Child, Command, Stdio};

use relay::{Action, Address, Kind, Outcome, Protocol, Relay, Rule, Trigger};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

use crate::support::{connect, expect, is_silent, program, relay, send, until, within};

struct Server {
    dir: TempDir,
    child: Child,
}

impl Server {
    async fn start(test: &str) -> Option<Server> {
        let redis = program("redis-server", test)?;
        let dir = tempfile::tempdir().expect("there is room for a folder");
        let child = Command::new(redis)
            .args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"])
            .arg(dir.path().join("socket"))
            .current_dir(dir.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server runs");
        let server = Server { dir, child };
        let socket = server.dir.path().join("socket");
        until("Redis listens", || std::os::unix::net::UnixStream::connect(&socket).is_ok()).await;
        Some(server)
    }

    fn socket(&self) -> Address {
        Address::Unix(self.dir.path().join("socket"))
    }

    fn relay(&self) -> Relay {
        relay(&self.socket(), Protocol::Resp)
    }

    /// Asks past the relay.
    async fn ask(&self, command: &str) -> String {
        let stream = UnixStream::connect(self.dir.path().join("socket")).await;
        let mut stream = stream.expect("Redis listens");
        stream.write_all(format!("{command}\r\nQUIT\r\n").as_bytes()).await.expect("it is sent");
        let mut answer = String::new();
        within(stream.read_to_string(&mut answer)).await.expect("Redis answers");
        answer.trim_end_matches("+OK\r\n").to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Errors mean that it is gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn redis_benchmark_goes_through_and_is_counted() {
    let test = "redis_benchmark_goes_through_and_is_counted";
    let Some(server) = Server::start(test).await else { return };
    let Some(benchmark) = program("redis-benchmark", test) else { return };
    let relay = server.relay();
    let port = relay.address().port().expect("it listens on TCP").to_string();
    for pipeline in ["1", "16"] {
        let mut command = tokio::process::Command::new(&benchmark);
        command.args([
            "-p",
            &port,
            "-n",
            "5000",
            "-c",
            "20",
            "-t",
            "set,get,lpush,lrange_100",
            "-P",
            pipeline,
        ]);
        command.args(["-d", "300", "--csv"]);
        let output = within(command.output()).await.expect("redis-benchmark runs");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("LRANGE_100"), "{said}");
    }
    until("all connections are closed", || relay.connections().is_empty()).await;
    assert_eq!(relay.count(Kind::Opaque, None), 0);
    for command in ["SET", "GET", "LRANGE"] {
        let (sent, answered) =
            (relay.count(Kind::Command, Some(command)), relay.count(Kind::Reply, Some(command)));
        // The benchmark leaves as soon as it has read as many as it wanted, with part of a pipeline unread.
        assert!((10_000..=sent).contains(&answered), "{command}: {sent} sent, {answered} answered");
        assert!(sent < 10_100, "{command}: {sent} sent");
    }
}

#[tokio::test]
async fn a_reply_is_held_while_others_see_what_was_written() {
    let test = "a_reply_is_held_while_others_see_what_was_written";
    let Some(server) = Server::start(test).await else { return };
    let relay = server.relay();
    let held = relay.arm(Rule::on(Trigger::reply_to("SET cart:")).nth(2).then(Action::Hold));
    let mut client = connect(relay.address()).await;
    send(
        &mut client,
        b"SET other 1\r\nset cart:1 3\r\n*3\r\n$3\r\nSET\r\n$6\r\ncart:2\r\n$1\r\n4\r\nGET other\r\n",
    )
    .await;
    expect(&mut client, b"+OK\r\n+OK\r\n").await;
    let firing = within(held.fired()).await.expect("it fires");
    assert_eq!(firing.message.about.as_deref(), Some("SET cart:2 4"));
    assert_eq!(server.ask("GET cart:2").await, "$1\r\n4\r\n");
    assert!(is_silent(&client).await);
    held.release();
    expect(&mut client, b"+OK\r\n$1\r\n1\r\n").await;
    assert_eq!(held.effect().firings[0].outcome, Outcome::Released);
}

#[tokio::test]
async fn a_command_that_is_cut_off_is_not_done() {
    let test = "a_command_that_is_cut_off_is_not_done";
    let Some(server) = Server::start(test).await else { return };
    let relay = server.relay();
    let cut = relay.arm(Rule::on(Trigger::command("INCR")).nth(2).then(Action::Cut(relay::Close::Reset)));
    let mut client = connect(relay.address()).await;
    send(&mut client, b"INCR n\r\nINCR n\r\n").await;
    let mut answer = Vec::new();
    // What arrived before the reset may be read or not; that is what a reset means.
    let _ = within(client.read_to_end(&mut answer)).await;
    assert!(within(cut.fired()).await.is_some());
    until("the connection is gone", || relay.connections().is_empty()).await;
    assert_eq!(server.ask("GET n").await, "$1\r\n1\r\n");
}

#[tokio::test]
async fn messages_of_subscribers_are_pushes() {
    let Some(server) = Server::start("messages_of_subscribers_are_pushes").await else { return };
    let relay = server.relay();
    let mut client = connect(relay.address()).await;
    send(&mut client, b"SUBSCRIBE news\r\n").await;
    expect(&mut client, b"*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n").await;
    assert_eq!(server.ask("PUBLISH news hi").await, ":1\r\n");
    expect(&mut client, b"*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n").await;
    assert_eq!((relay.count(Kind::Push, None), relay.count(Kind::Reply, None)), (2, 0));
}
