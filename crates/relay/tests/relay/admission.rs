//! New connections: relayed, refused, reset, or taken and never answered.

use std::io::ErrorKind;

use relay::{Action, Address, Admission, Close, Kind, Protocol, Relay, Rule, Trigger};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};

use crate::support::{connect, expect, is_silent, listener, pair, relay, rest, send, until, within};

#[tokio::test]
async fn a_refused_port_comes_back_at_the_same_address() {
    let (listener, upstream) = listener().await;
    let relay = relay(&upstream, Protocol::Opaque);
    let (mut client, mut server) = pair(&relay, &listener).await;
    for _ in 0..3 {
        relay.admit(Admission::Refuse);
        refused(&relay).await;
        // What is connected already goes on.
        send(&mut client, b"still here").await;
        expect(&mut server, b"still here").await;
        relay.admit(Admission::Open);
        let (mut other, mut other_server) = reopened(&relay, &listener).await;
        send(&mut other, b"again").await;
        expect(&mut other_server, b"again").await;
    }
}

async fn refused(relay: &Relay) {
    let address = relay.address().tcp().expect("it is a TCP address");
    let tries = async {
        loop {
            match TcpStream::connect(address).await {
                Err(error) if error.kind() == ErrorKind::ConnectionRefused => return,
                _ => tokio::task::yield_now().await,
            }
        }
    };
    within(tries).await;
}

async fn reopened(relay: &Relay, listener: &TcpListener) -> (TcpStream, TcpStream) {
    let address = relay.address().tcp().expect("it is a TCP address");
    let tries = async {
        loop {
            match TcpStream::connect(address).await {
                Ok(client) => return client,
                Err(_) => tokio::task::yield_now().await,
            }
        }
    };
    let client = within(tries).await;
    (client, within(listener.accept()).await.expect("the relay connects").0)
}

#[tokio::test]
async fn a_refused_unix_socket_comes_back_too() {
    let dir = tempfile::tempdir().expect("there is room for a folder");
    let (front, behind) = (dir.path().join("front"), dir.path().join("behind"));
    let listener = UnixListener::bind(&behind).expect("the path is free");
    let upstream = Address::Unix(behind);
    let relay = Relay::open(Address::Unix(front.clone()), upstream, Protocol::Opaque).expect("it is free");
    relay.admit(Admission::Refuse);
    let tries = async {
        while !matches!(UnixStream::connect(&front).await, Err(e) if e.kind() == ErrorKind::ConnectionRefused)
        {
            tokio::task::yield_now().await;
        }
    };
    within(tries).await;
    relay.admit(Admission::Open);
    let tries = async {
        loop {
            match UnixStream::connect(&front).await {
                Ok(client) => return client,
                Err(_) => tokio::task::yield_now().await,
            }
        }
    };
    let _client = within(tries).await;
    within(listener.accept()).await.expect("the relay connects");
}

#[tokio::test]
async fn a_reset_connection_never_reaches_upstream() {
    let (listener, upstream) = listener().await;
    let relay = relay(&upstream, Protocol::Opaque);
    relay.admit(Admission::Reset);
    let mut client = connect(relay.address()).await;
    assert_eq!(rest(&mut client).await.1, Some(ErrorKind::ConnectionReset));
    relay.admit(Admission::Open);
    let _pair = pair(&relay, &listener).await;
    until("it is counted", || relay.count(Kind::Opened, None) > 0).await;
    assert_eq!(relay.count(Kind::Opened, None), 1);
}

#[tokio::test]
async fn a_black_hole_takes_everything_and_answers_nothing() {
    let (listener, upstream) = listener().await;
    let relay = relay(&upstream, Protocol::Opaque);
    relay.admit(Admission::BlackHole);
    let mut client = connect(relay.address()).await;
    send(&mut client, &vec![1; 10_000_000]).await;
    assert_eq!(relay.count(Kind::Opened, Some("black hole")), 1);
    relay.admit(Admission::Open);
    let (_other, _server) = pair(&relay, &listener).await;
    assert!(is_silent(&client).await);
    assert_eq!(relay.cut_all(Close::Finish), 2);
    assert_eq!(rest(&mut client).await, (vec![], None));
}

#[tokio::test]
async fn at_an_event_all_are_cut_and_new_ones_are_refused() {
    let (listener, upstream) = listener().await;
    let relay = relay(&upstream, Protocol::Resp);
    let outage = Rule::on(Trigger::command("SET"))
        .nth(2)
        .after()
        .then(Action::Admit(Admission::Refuse))
        .then(Action::CutAll(Close::Reset));
    let outage = relay.arm(outage);
    let (mut one, mut one_server) = pair(&relay, &listener).await;
    let (mut two, mut two_server) = pair(&relay, &listener).await;
    send(&mut one, b"SET a 1\r\n").await;
    expect(&mut one_server, b"SET a 1\r\n").await;
    send(&mut two, b"SET b 2\r\nSET c 3\r\n").await;
    for stream in [&mut one, &mut two, &mut one_server] {
        assert_eq!(rest(stream).await, (vec![], Some(ErrorKind::ConnectionReset)));
    }
    // What was forwarded before the cut is there; the rest never comes.
    assert_eq!(rest(&mut two_server).await.0, b"SET b 2\r\n");
    refused(&relay).await;
    until("both are gone", || relay.connections().is_empty()).await;
    let effect = outage.effect();
    assert_eq!((effect.seen, effect.fired, effect.firings[0].nth), (2, 1, 2));
}
