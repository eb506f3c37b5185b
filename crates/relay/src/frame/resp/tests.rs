//! Conversations between a Redis client and a server, and what is heard of them.

use proptest::prelude::*;

use crate::frame::tests::{Script, hear, same_however_split};
use crate::message::Direction::{ToClient, ToUpstream};
use crate::message::{Kind, Protocol};

const ALL: [Kind; 3] = [Kind::Command, Kind::Reply, Kind::Push];

fn command(words: &[&str]) -> Vec<u8> {
    let strings = words.iter().map(|word| format!("${}\r\n{word}\r\n", word.len()));
    format!("*{}\r\n{}", words.len(), strings.collect::<String>()).into_bytes()
}

fn told(script: &[(&[&[&str]], &str)]) -> Vec<String> {
    let script = script.iter().flat_map(|(commands, replies)| {
        let sent = commands.iter().flat_map(|words| command(words)).collect();
        [(ToUpstream, sent), (ToClient, replies.as_bytes().to_vec())]
    });
    let heard = hear(Protocol::Resp, &script.collect());
    assert_eq!(heard.opaque, None);
    assert_eq!(heard.ended, heard.messages.len());
    heard.told(&ALL)
}

#[test]
fn replies_find_their_commands_in_a_pipeline() {
    let heard = told(&[(
        &[&["set", "cart:1", "3"], &["LRANGE", "l", "0", "-1"], &["INCR", "n"]],
        "+OK\r\n*2\r\n$1\r\na\r\n*1\r\n$-1\r\n:7\r\n",
    )]);
    assert_eq!(
        heard,
        [
            "Command SET cart:1 3",
            "Command LRANGE l 0 -1",
            "Command INCR n",
            "Reply +OK < SET cart:1 3",
            "Reply  < LRANGE l 0 -1",
            "Reply :7 < INCR n",
        ]
    );
}

#[test]
fn pushes_answer_no_command() {
    let pushed = "*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$2\r\nhi\r\n";
    let subscribed = "*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n";
    let heard = told(&[(
        &[&["SUBSCRIBE", "c"], &["PING"]],
        &format!("{subscribed}{pushed}*2\r\n$4\r\npong\r\n$0\r\n\r\n"),
    )]);
    assert_eq!(heard, ["Command SUBSCRIBE c", "Command PING", "Push ", "Push ", "Reply  < PING"]);

    let heard = told(&[
        (&[&["HELLO", "3"]], "|1\r\n+ttl\r\n:1\r\n%1\r\n+proto\r\n:3\r\n"),
        (&[&["GET", "k"]], ">2\r\n+invalidate\r\n*1\r\n$1\r\nk\r\n_\r\n"),
    ]);
    assert_eq!(heard, ["Command HELLO 3", "Reply  < HELLO 3", "Command GET k", "Push ", "Reply _ < GET k"]);
}

#[test]
fn commands_that_are_not_answered_do_not_wait() {
    let heard = told(&[
        (&[&["CLIENT", "REPLY", "SKIP"], &["INCR", "a"], &["INCR", "b"]], ":1\r\n"),
        (
            &[&["CLIENT", "REPLY", "OFF"], &["INCR", "c"], &["CLIENT", "REPLY", "ON"], &["INCR", "d"]],
            "+OK\r\n:2\r\n",
        ),
    ]);
    let replies = heard.iter().filter(|line| line.starts_with("Reply")).collect::<Vec<_>>();
    assert_eq!(replies, ["Reply :1 < INCR b", "Reply +OK < CLIENT REPLY ON", "Reply :2 < INCR d"]);
}

#[test]
fn passwords_are_not_told() {
    let heard = told(&[(&[&["AUTH", "app", "secret"], &["HELLO", "3", "AUTH", "secret"]], "+OK\r\n+OK\r\n")]);
    assert_eq!(heard[..2], ["Command AUTH", "Command HELLO 3"]);
}

#[test]
fn inline_and_empty_commands() {
    let script = vec![
        (ToUpstream, b"\r\nset k v\r\n*0\r\nPING\r\n".to_vec()),
        (ToClient, b"+OK\r\n+PONG\r\n".to_vec()),
    ];
    let heard = hear(Protocol::Resp, &script);
    let told = heard.told(&ALL);
    assert_eq!(
        told,
        [
            "Command ",
            "Command SET k v",
            "Command ",
            "Command PING",
            "Reply +OK < SET k v",
            "Reply +PONG < PING"
        ]
    );
}

#[test]
fn streams_that_are_no_replies_are_passed_through() {
    let script =
        vec![(ToUpstream, command(&["MONITOR"])), (ToClient, b"+OK\r\n+1.2 [0] \"GET\"\r\n".to_vec())];
    assert!(hear(Protocol::Resp, &script).opaque.is_some_and(|why| why.contains("MONITOR")));
    for strange in ["*x\r\n", "*2\r\n+OK\r\n", "$99999999999999999999999\r\n"] {
        let heard = hear(Protocol::Resp, &vec![(ToClient, strange.replace('x', "y").into_bytes())]);
        let sent = hear(Protocol::Resp, &vec![(ToUpstream, strange.as_bytes().to_vec())]);
        assert!(heard.opaque.or(sent.opaque).is_some(), "{strange:?}");
    }
}

fn exchange() -> impl Strategy<Value = Script> {
    let key = prop_oneof!["[a-z]{0,9}", "[a-z]{200}", "[a-z]{5000}"];
    let leaf = prop_oneof![
        Just("+OK\r\n".to_owned()),
        Just("-ERR no\r\n".to_owned()),
        Just("$-1\r\n".to_owned()),
        Just("*-1\r\n".to_owned()),
        Just("_\r\n".to_owned()),
        Just("#t\r\n".to_owned()),
        any::<i64>().prop_map(|n| format!(":{n}\r\n")),
        "[a-z\r\n]{0,300}".prop_map(|s| format!("${}\r\n{s}\r\n", s.len())),
        Just("=7\r\ntxt:abc\r\n".to_owned()),
    ];
    let value = leaf.prop_recursive(4, 40, 6, |inner| {
        (prop::sample::select(vec!['*', '~', '%']), prop::collection::vec(inner, 0..6)).prop_map(
            |(of, mut all)| {
                if of == '%' && all.len() % 2 == 1 {
                    all.pop();
                }
                let count = if of == '%' { all.len() / 2 } else { all.len() };
                format!("{of}{count}\r\n{}", all.concat())
            },
        )
    });
    (key, value).prop_map(|(key, value)| {
        vec![(ToUpstream, command(&["EVAL", &key, "0"])), (ToClient, value.into_bytes())]
    })
}

proptest! {
    #[test]
    fn conversations_are_heard_however_they_are_split(
        exchanges in prop::collection::vec(exchange(), 1..8),
        lengths in prop::collection::vec(prop_oneof![1..8usize, 1..3_000usize], 1..12),
    ) {
        same_however_split(Protocol::Resp, &exchanges.concat(), &lengths);
    }
}
