//! Bytes go through unchanged, no faster than they are read, and ends are passed on.

use relay::{Action, Address, Close, ConnectionId, Direction, Kind, Outcome, Protocol, Relay, Rule, Trigger};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

use crate::support::{connect, expect, listener, noise, pair, relay, rest, send, until, within};

const PROTOCOLS: [Protocol; 4] = [Protocol::Opaque, Protocol::Postgres, Protocol::Resp, Protocol::Http1];

#[tokio::test]
async fn noise_and_half_closes_go_through_whatever_the_protocol() {
    for protocol in PROTOCOLS {
        let (listener, upstream) = listener().await;
        let relay = relay(&upstream, protocol);
        let (mut client, mut server) = pair(&relay, &listener).await;
        let (there, back) = (noise(3_000_001), noise(2_000_003));
        let asks = async {
            client.write_all(&there).await.expect("it is sent");
            client.shutdown().await.expect("it is ended");
            rest(&mut client).await
        };
        let answers = async {
            let heard = rest(&mut server).await;
            server.write_all(&back).await.expect("the other way is still open");
            server.shutdown().await.expect("it is ended");
            heard
        };
        let (answered, asked) = within(async { tokio::join!(asks, answers) }).await;
        assert!(asked == (there, None), "{protocol:?} changes what goes to upstream");
        assert!(answered == (back, None), "{protocol:?} changes what comes back");
        until("the connection is forgotten", || relay.connections().is_empty()).await;
        assert_eq!(relay.count(Kind::Opened, None), 1);
        assert_eq!(relay.count(Kind::Closed, Some("both sides ended")), 1);
    }
}

#[tokio::test]
async fn unix_sockets_on_both_sides() {
    let dir = tempfile::tempdir().expect("there is room for a folder");
    let (front, behind) = (dir.path().join("front"), dir.path().join("behind"));
    let listener = UnixListener::bind(&behind).expect("the path is free");
    let listen = Address::Unix(front.clone());
    let relay = Relay::open(listen, Address::Unix(behind), Protocol::Opaque).expect("the path is free");
    let mut client = UnixStream::connect(&front).await.expect("the relay listens");
    let (mut server, _) = within(listener.accept()).await.expect("the relay connects");
    let told = noise(1_000_000);
    let mut heard = Vec::new();
    let sends = async {
        client.write_all(&told).await.expect("it is sent");
        client.shutdown().await.expect("it is ended");
    };
    let (_, read) = within(async { tokio::join!(sends, server.read_to_end(&mut heard)) }).await;
    read.expect("it is read");
    assert!(told == heard);
    assert!(Relay::open(Address::Unix(front.clone()), Address::loopback(1), Protocol::Opaque).is_err());
    drop(relay);
    assert!(!front.exists(), "the socket's file stays behind");
}

#[tokio::test]
async fn a_slow_reader_slows_its_writer() {
    let (listener, upstream) = listener().await;
    let relay = relay(&upstream, Protocol::Opaque);
    let (client, mut server) = pair(&relay, &listener).await;
    let piece = vec![7; 256 * 1024];
    let mut sent = 0;
    // The system's buffers hold some megabytes; a relay that buffered without limit would take all of this.
    while sent < 256 * 1024 * 1024 {
        let writes = tokio::time::timeout(std::time::Duration::from_secs(2), client.writable());
        if writes.await.is_err() {
            break;
        }
        sent += client.try_write(&piece).unwrap_or(0);
    }
    assert!(sent < 64 * 1024 * 1024, "{sent} bytes went into a connection that nobody reads");
    drop(client);
    assert_eq!(rest(&mut server).await.0.len(), sent);
}

#[tokio::test]
async fn a_reset_is_passed_on_as_a_reset() {
    let (listener, upstream) = listener().await;
    let relay = relay(&upstream, Protocol::Opaque);
    let (mut client, server) = pair(&relay, &listener).await;
    server.set_zero_linger().expect("it is a TCP connection");
    drop(server);
    assert_eq!(rest(&mut client).await.1, Some(std::io::ErrorKind::ConnectionReset));
    let (client, mut server) = pair(&relay, &listener).await;
    client.set_zero_linger().expect("it is a TCP connection");
    drop(client);
    assert_eq!(rest(&mut server).await.1, Some(std::io::ErrorKind::ConnectionReset));
}

#[tokio::test]
async fn the_last_words_of_a_server_arrive_though_it_reads_no_more() {
    let (listener, upstream) = listener().await;
    let relay = relay(&upstream, Protocol::Opaque);
    let (mut client, mut server) = pair(&relay, &listener).await;
    send(&mut server, b"FATAL: go away").await;
    drop(server);
    expect(&mut client, b"FATAL: go away").await;
    assert_eq!(rest(&mut client).await, (vec![], None));
}

#[tokio::test]
async fn a_cut_reaches_both_sides_in_either_way() {
    let (listener, upstream) = listener().await;
    let relay = relay(&upstream, Protocol::Opaque);
    for (close, error) in [(Close::Reset, Some(std::io::ErrorKind::ConnectionReset)), (Close::Finish, None)] {
        let (mut client, mut server) = pair(&relay, &listener).await;
        send(&mut client, b"hello").await;
        expect(&mut server, b"hello").await;
        let connection = relay.connections()[0];
        assert!(relay.cut(connection, close));
        assert_eq!(rest(&mut client).await, (vec![], error));
        assert_eq!(rest(&mut server).await, (vec![], error));
        until("it is forgotten", || relay.connections().is_empty()).await;
        assert!(!relay.cut(connection, close), "it is gone");
    }
}

#[tokio::test]
async fn all_connections_are_cut_at_once_and_with_the_relay() {
    let (listener, upstream) = listener().await;
    let relay = relay(&upstream, Protocol::Opaque);
    let mut pairs = [pair(&relay, &listener).await, pair(&relay, &listener).await];
    until("both are known", || relay.connections() == [ConnectionId(1), ConnectionId(2)]).await;
    assert_eq!(relay.cut_all(Close::Finish), 2);
    for (client, server) in &mut pairs {
        assert_eq!(rest(client).await, (vec![], None));
        assert_eq!(rest(server).await, (vec![], None));
    }
    let (mut client, mut server) = pair(&relay, &listener).await;
    drop(relay);
    rest(&mut client).await;
    rest(&mut server).await;
}

#[tokio::test]
async fn a_throttled_connection_crawls_until_its_rule_is_disarmed() {
    let (listener, upstream) = listener().await;
    let relay = relay(&upstream, Protocol::Opaque);
    let crawl = relay.arm(Rule::on(Trigger::opened()).then(Action::Throttle { bytes_per_s: 1_000 }));
    let (mut client, mut server) = pair(&relay, &listener).await;
    let told = noise(500_000);
    let sends = async {
        client.write_all(&told).await.expect("it is sent");
        client.shutdown().await.expect("it is ended");
    };
    let reads = async {
        let mut heard = vec![0; 40];
        server.read_exact(&mut heard).await.expect("the first pieces arrive");
        let burst = server.try_read(&mut vec![0; 100_000]);
        assert!(burst.is_err() || burst.is_ok_and(|bytes| bytes < 50_000), "it does not crawl");
        // At this pace the rest would take eight minutes.
        crawl.disarm();
        rest(&mut server).await.0
    };
    let ((), heard) = within(async { tokio::join!(sends, reads) }).await;
    assert!(told.ends_with(&heard) && heard.len() > 400_000);
    assert_eq!(crawl.effect().firings[0].outcome, Outcome::Done);
}

#[tokio::test]
async fn a_connection_can_be_held_before_upstream_hears_of_it() {
    let (listener, upstream) = listener().await;
    let relay = relay(&upstream, Protocol::Opaque);
    let mut events = relay.events(10);
    let held = relay.arm(Rule::on(Trigger::opened()).named("at the door").then(Action::Hold));
    let mut client = connect(relay.address()).await;
    let firing = within(held.fired()).await.expect("it fires");
    assert_eq!((firing.connection, firing.outcome), (ConnectionId(1), Outcome::Underway));
    let (mut other, _other_server) = pair(&relay, &listener).await;
    send(&mut other, b"flows on").await;
    held.release();
    let (mut server, _) = within(listener.accept()).await.expect("the relay connects");
    send(&mut client, b"at last").await;
    expect(&mut server, b"at last").await;
    assert_eq!(held.effect().firings[0].outcome, Outcome::Released);
    let first = within(events.next()).await.expect("the relay tells");
    assert_eq!(first.message.kind, Kind::Fired);
    assert_eq!(first.message.text.as_deref(), Some("at the door"));
}

#[tokio::test]
async fn a_client_is_reset_where_upstream_cannot_be_reached() {
    let dir = tempfile::tempdir().expect("there is room for a folder");
    let relay = relay(&Address::Unix(dir.path().join("nobody")), Protocol::Opaque);
    let mut events = relay.events(10);
    let mut client = connect(relay.address()).await;
    assert_eq!(rest(&mut client).await.1, Some(std::io::ErrorKind::ConnectionReset));
    let closed = within(events.next()).await.expect("the relay tells");
    assert_eq!((closed.message.kind, closed.message.direction), (Kind::Closed, Direction::ToClient));
    assert!(closed.message.text.is_some_and(|why| why.starts_with("upstream cannot be reached")));
}

#[tokio::test]
async fn events_that_find_no_room_are_counted() {
    let (listener, upstream) = listener().await;
    let relay = relay(&upstream, Protocol::Opaque);
    let mut events = relay.events(2);
    for _ in 0..3 {
        drop(pair(&relay, &listener).await);
        until("it is closed", || relay.connections().is_empty()).await;
    }
    until("all are counted", || relay.count(Kind::Closed, None) == 3).await;
    assert_eq!(events.lost(), 4);
    assert!(events.try_next().is_some() && events.try_next().is_some() && events.try_next().is_none());
}
