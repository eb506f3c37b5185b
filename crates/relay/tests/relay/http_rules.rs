//! HTTP: each trigger and action, seen from both peers.

use std::io::ErrorKind;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use relay::{
    Action, Armed, Close, Direction, Forwarded, Kind, Outcome, Pattern, Protocol, Relay, Rule, Trigger,
};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{expect, is_silent, listener, pair, relay, rest, send, until, within};

const PAY: &[u8] = b"POST /v1/payments HTTP/1.1\r\nContent-Length: 5\r\n\r\n12.50";
const LOOK: &[u8] = b"GET /v1/payments/17?full=1 HTTP/1.1\r\nHost: a\r\n\r\n";
const CREATED: &[u8] = b"HTTP/1.1 201 Created\r\nContent-Length: 6\r\n\r\nnumber";
const PAID: &str = "POST /v1/payments";

struct Setting {
    relay: Relay,
    listener: TcpListener,
    client: TcpStream,
    server: TcpStream,
}

async fn setting() -> Setting {
    let (listener, upstream) = listener().await;
    let relay = relay(&upstream, Protocol::Http1);
    let (client, server) = pair(&relay, &listener).await;
    Setting { relay, listener, client, server }
}

impl Setting {
    fn arm(&self, rule: Rule) -> Armed {
        self.relay.arm(rule)
    }

    async fn pay(&mut self) {
        send(&mut self.client, PAY).await;
        expect(&mut self.server, PAY).await;
        send(&mut self.server, CREATED).await;
    }

    async fn paid(&mut self) {
        self.pay().await;
        expect(&mut self.client, CREATED).await;
    }
}

#[tokio::test]
async fn a_held_answer_leaves_when_it_is_released_and_others_flow_on() {
    let mut at = setting().await;
    let held = at.arm(Rule::on(Trigger::response_to(PAID)).then(Action::Hold));
    at.pay().await;
    let firing = within(held.fired()).await.expect("it fires");
    assert_eq!(firing.message.about.as_deref(), Some(PAID));
    assert_eq!(firing.message.text.as_deref(), Some("201"));
    assert_eq!((firing.forwarded, firing.outcome), (Forwarded::Nothing, Outcome::Underway));
    let (mut other, mut other_server) = pair(&at.relay, &at.listener).await;
    send(&mut other, LOOK).await;
    expect(&mut other_server, LOOK).await;
    assert!(is_silent(&at.client).await);
    held.release();
    expect(&mut at.client, CREATED).await;
    assert_eq!(held.effect().firings[0].outcome, Outcome::Released);
    // Once means once.
    at.paid().await;
    assert_eq!((held.effect().seen, held.effect().fired), (2, 1));
}

#[tokio::test]
async fn a_delayed_answer_comes_late_and_whole() {
    let mut at = setting().await;
    let mut events = at.relay.events(100);
    let so_long = Duration::from_millis(80);
    let late = at.arm(Rule::on(Trigger::response_to(PAID)).then(Action::Delay(so_long)));
    at.paid().await;
    let firing = &late.effect().firings[0];
    assert_eq!(firing.outcome, Outcome::Done);
    let passed = loop {
        let event = within(events.next()).await.expect("the relay tells");
        if event.message.kind == Kind::Response {
            break event.at;
        }
    };
    assert!(passed - firing.at >= so_long, "it came after {:?}", passed - firing.at);
}

#[tokio::test]
async fn a_cut_before_the_answer_leaves_the_client_without_a_byte_of_it() {
    for (close, error) in [(Close::Reset, Some(ErrorKind::ConnectionReset)), (Close::Finish, None)] {
        let mut at = setting().await;
        let cut = at.arm(Rule::on(Trigger::response_to(PAID)).then(Action::Cut(close)));
        at.pay().await;
        assert_eq!(rest(&mut at.client).await, (vec![], error));
        assert_eq!(rest(&mut at.server).await, (vec![], error));
        let firing = &cut.effect().firings[0];
        assert_eq!((firing.forwarded, firing.outcome), (Forwarded::Nothing, Outcome::Done));
        assert_eq!(at.relay.count(Kind::Response, None), 0);
    }
}

#[tokio::test]
async fn a_cut_after_the_request_leaves_the_server_with_all_of_it() {
    let mut at = setting().await;
    at.arm(Rule::on(Trigger::request_end(PAID)).after().then(Action::Cut(Close::Finish)));
    send(&mut at.client, &[PAY, LOOK].concat()).await;
    assert_eq!(rest(&mut at.server).await.0, PAY);
    assert_eq!(rest(&mut at.client).await, (vec![], None));
}

#[tokio::test]
async fn a_request_can_be_held_at_each_of_its_ends() {
    let head = &PAY[..PAY.len() - 5];
    let moments: [(Rule, &[u8]); 4] = [
        (Rule::on(Trigger::request(PAID)).before(), b""),
        (Rule::on(Trigger::request(PAID)).after(), head),
        (Rule::on(Trigger::request_end(PAID)).before(), &PAY[..PAY.len() - 1]),
        (Rule::on(Trigger::request_end(PAID)).after(), PAY),
    ];
    for (rule, forwarded) in moments {
        let mut at = setting().await;
        let held = at.arm(rule.then(Action::Hold));
        send(&mut at.client, &[LOOK, PAY, LOOK].concat()).await;
        within(held.fired()).await.expect("it fires");
        expect(&mut at.server, &[LOOK, forwarded].concat()).await;
        assert!(is_silent(&at.server).await);
        held.disarm();
        expect(&mut at.server, &[&PAY[forwarded.len()..], LOOK].concat()).await;
    }
}

#[tokio::test]
async fn a_request_without_a_body_is_held_whole() {
    let mut at = setting().await;
    let held = at.arm(Rule::on(Trigger::request_end("GET")).then(Action::Hold));
    send(&mut at.client, LOOK).await;
    within(held.fired()).await.expect("it fires");
    assert!(is_silent(&at.server).await);
    held.release();
    expect(&mut at.server, LOOK).await;
}

#[tokio::test]
async fn a_truncated_answer_has_exactly_so_many_bytes() {
    for bytes in [1, 30, CREATED.len() - 1, CREATED.len(), CREATED.len() + 50] {
        let mut at = setting().await;
        let action = Action::Truncate { bytes: bytes as u64, close: Close::Finish };
        let cut = at.arm(Rule::on(Trigger::response_to(PAID)).then(action));
        at.pay().await;
        let expected = &CREATED[..bytes.min(CREATED.len())];
        assert_eq!(rest(&mut at.client).await, (expected.to_vec(), None));
        let forwarded = cut.effect().firings[0].forwarded;
        let whole = bytes > CREATED.len();
        assert_eq!(forwarded, if whole { Forwarded::Whole } else { Forwarded::Bytes(bytes as u64) });
    }
}

#[tokio::test]
async fn the_kth_the_ones_from_the_kth_on_and_so_many() {
    let mut at = setting().await;
    let on = || Rule::on(Trigger::response_to(PAID));
    let third = at.arm(on().nth(3));
    let from_third = at.arm(on().from(3));
    let two = at.arm(on().from(2).at_most(2));
    let every = at.arm(on().every().named("every one"));
    let elsewhere = at.arm(on().every().on_connection(relay::ConnectionId(99)));
    for _ in 0..5 {
        at.paid().await;
    }
    let fired = |armed: &Armed| armed.effect().firings.iter().map(|firing| firing.nth).collect::<Vec<_>>();
    assert_eq!(fired(&third), [3]);
    assert_eq!(fired(&from_third), [3, 4, 5]);
    assert_eq!(fired(&two), [2, 3]);
    assert_eq!(fired(&every), [1, 2, 3, 4, 5]);
    assert_eq!(elsewhere.effect().seen, 0);
    assert!(within(every.fired_times(5)).await);
    every.disarm();
    at.paid().await;
    assert_eq!(every.effect().fired, 5);
    assert!(!within(every.fired_times(6)).await, "it fires no more");
    assert_eq!(every.name(), "every one");
}

#[tokio::test]
async fn a_function_is_called_before_the_message_goes_on() {
    let mut at = setting().await;
    let called = Arc::new(Mutex::new(Vec::new()));
    let calls = called.clone();
    let tell = move |firing: &relay::Firing| {
        calls.lock().expect("nobody panics").push(firing.message.clone());
    };
    at.arm(
        Rule::on(Trigger::request(Pattern::like("GET */17*"))).then(Action::call(tell)).then(Action::Hold),
    );
    send(&mut at.client, LOOK).await;
    until("it is called", || !called.lock().expect("nobody panics").is_empty()).await;
    assert!(is_silent(&at.server).await);
    at.relay.disarm_all();
    expect(&mut at.server, LOOK).await;
    let message = called.lock().expect("nobody panics")[0].clone();
    assert_eq!((message.direction, message.label()), (Direction::ToUpstream, "GET /v1/payments/17"));
}

#[tokio::test]
async fn a_rule_that_can_fire_no_more_is_not_waited_for() {
    let at = setting().await;
    let armed = at.arm(Rule::on(Trigger::response_to(PAID)));
    drop(at);
    assert!(within(armed.fired()).await.is_none());
}

#[tokio::test]
async fn a_firing_tells_when_its_connection_ends_under_it() {
    let mut at = setting().await;
    let held = at.arm(Rule::on(Trigger::response_to(PAID)).then(Action::Hold));
    at.pay().await;
    within(held.fired()).await.expect("it fires");
    at.relay.cut_all(Close::Reset);
    rest(&mut at.client).await;
    until("it is told", || held.effect().firings[0].outcome == Outcome::ConnectionEnded).await;
}
