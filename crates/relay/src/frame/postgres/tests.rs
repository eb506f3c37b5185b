//! Conversations between a PostgreSQL client and a server, and what is heard of them.

use proptest::prelude::*;

use crate::frame::tests::{Heard, Script, hear, same_however_split};
use crate::message::Direction::{ToClient, ToUpstream};
use crate::message::{Kind, Protocol};

const NAMED: [Kind; 7] =
    [Kind::Startup, Kind::Query, Kind::Parse, Kind::Execute, Kind::Complete, Kind::Error, Kind::Ready];

fn framed(letter: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).expect("tests send short messages");
    [&[letter][..], &length.to_be_bytes(), body].concat()
}

fn startup() -> Script {
    let body = b"user\0app\0database\0shop\0\0";
    let length = u32::try_from(body.len() + 8).expect("it is short");
    let first = [&length.to_be_bytes()[..], &196_608u32.to_be_bytes(), body].concat();
    let answer = [framed(b'R', &[0; 4]), framed(b'K', &[1; 8]), ready(b"I")].concat();
    vec![(ToUpstream, first), (ToClient, answer)]
}

fn query(sql: &str) -> Vec<u8> {
    framed(b'Q', format!("{sql}\0").as_bytes())
}

fn parse(name: &str, sql: &str) -> Vec<u8> {
    framed(b'P', format!("{name}\0{sql}\0\0\0").as_bytes())
}

fn bind(portal: &str, name: &str) -> Vec<u8> {
    framed(b'B', format!("{portal}\0{name}\0\0\0\0\0\0\0").as_bytes())
}

fn execute(portal: &str) -> Vec<u8> {
    framed(b'E', format!("{portal}\0\0\0\0\0").as_bytes())
}

fn sync() -> Vec<u8> {
    framed(b'S', b"")
}

fn complete(tag: &str) -> Vec<u8> {
    framed(b'C', format!("{tag}\0").as_bytes())
}

fn ready(state: &[u8]) -> Vec<u8> {
    framed(b'Z', state)
}

fn error(code: &str) -> Vec<u8> {
    framed(b'E', format!("SERROR\0VERROR\0C{code}\0Mno\0\0").as_bytes())
}

fn after_startup(rest: Script) -> Script {
    startup().into_iter().chain(rest).collect()
}

fn told(rest: Script) -> Vec<String> {
    let heard = hear(Protocol::Postgres, &after_startup(rest));
    assert_eq!(heard.opaque, None);
    heard.told(&NAMED).split_off(2)
}

#[test]
fn a_startup_tells_its_parameters() {
    let heard = hear(Protocol::Postgres, &startup());
    assert_eq!(heard.told(&NAMED), ["Startup user=app database=shop", "Ready I"]);
}

#[test]
fn a_query_that_does_not_wait_for_the_first_ready_keeps_its_name() {
    let script = [startup(), vec![(ToUpstream, query("COMMIT")), (ToClient, complete("COMMIT"))]].concat();
    let [first, answer, second, done] = <[_; 4]>::try_from(script).expect("there are four pieces");
    let heard = hear(Protocol::Postgres, &vec![first, second, answer, done]);
    assert_eq!(heard.told(&[Kind::Complete]), ["Complete COMMIT < COMMIT"]);
}

#[test]
fn a_prepared_commit_is_seen_by_its_name() {
    let prepare = [parse("s1", " commit "), sync()].concat();
    let run = [bind("", "s1"), execute(""), sync()].concat();
    let script = vec![
        (ToUpstream, prepare),
        (ToClient, [framed(b'1', b""), ready(b"I")].concat()),
        (ToUpstream, run.clone()),
        (ToClient, [framed(b'2', b""), complete("COMMIT"), ready(b"I")].concat()),
        (ToUpstream, run),
        (ToClient, [framed(b'2', b""), complete("COMMIT"), ready(b"I")].concat()),
    ];
    let once = ["Execute COMMIT", "Complete COMMIT < COMMIT", "Ready I"];
    assert_eq!(told(script), [&["Parse COMMIT", "Ready I"], &once[..], &once[..]].concat());
}

#[test]
fn acknowledgements_find_their_statement_in_a_pipeline() {
    let sent = [
        parse("", "INSERT INTO payment VALUES (1)"),
        bind("", ""),
        execute(""),
        parse("", "INSERT INTO ledger VALUES (1)"),
        bind("", ""),
        execute(""),
        sync(),
        query("BEGIN; COMMIT"),
    ];
    let answered = [
        complete("INSERT 0 1"),
        error("23505"),
        ready(b"I"),
        complete("BEGIN"),
        complete("COMMIT"),
        ready(b"I"),
    ];
    let heard = told(vec![(ToUpstream, sent.concat()), (ToClient, answered.concat())]);
    let replies = heard.iter().filter(|line| line.contains(" < ")).collect::<Vec<_>>();
    assert_eq!(
        replies,
        [
            "Complete INSERT 0 1 < INSERT INTO payment VALUES (1)",
            "Error 23505 < INSERT INTO ledger VALUES (1)",
            "Complete BEGIN < BEGIN; COMMIT",
            "Complete COMMIT < BEGIN; COMMIT",
        ]
    );
}

#[test]
fn a_sync_within_a_copy_is_answered_by_nothing() {
    let begin = [parse("", "COPY t FROM STDIN"), bind("", ""), execute(""), sync()].concat();
    let script = vec![
        (ToUpstream, begin),
        (ToClient, [framed(b'1', b""), framed(b'2', b""), framed(b'G', &[0; 3])].concat()),
        (ToUpstream, [framed(b'd', b"1\n"), framed(b'c', b""), sync()].concat()),
        (ToClient, [complete("COPY 1"), ready(b"I")].concat()),
        (ToUpstream, query("SELECT 1/0")),
        (ToClient, [error("22012"), ready(b"I")].concat()),
        (ToUpstream, query("SELECT 1")),
        (ToClient, [complete("SELECT 1"), ready(b"I")].concat()),
    ];
    assert_eq!(
        told(script),
        [
            "Parse COPY t FROM STDIN",
            "Execute COPY t FROM STDIN",
            "Complete COPY 1 < COPY t FROM STDIN",
            "Ready I",
            "Query SELECT 1/0",
            "Error 22012 < SELECT 1/0",
            "Ready I",
            "Query SELECT 1",
            "Complete SELECT 1 < SELECT 1",
            "Ready I",
        ]
    );
}

#[test]
fn encryption_that_is_refused_changes_nothing_and_else_all_is_opaque() {
    let asked = [8u32.to_be_bytes(), 80_877_103u32.to_be_bytes()].concat();
    let hear = |answer: &[u8], rest: Script| -> Heard {
        let begin = vec![(ToUpstream, asked.clone()), (ToClient, answer.to_vec())];
        hear(Protocol::Postgres, &begin.into_iter().chain(rest).collect())
    };
    let refused = hear(b"N", after_startup(vec![(ToUpstream, query("COMMIT"))]));
    assert_eq!(refused.opaque, None);
    assert!(refused.told(&NAMED).contains(&"Query COMMIT".to_owned()));

    let agreed = hear(b"S", vec![(ToUpstream, vec![0x16, 3, 1]), (ToClient, vec![0x16, 3, 3])]);
    assert_eq!(agreed.opaque, Some("the connection is encrypted from here on"));
    assert_eq!(agreed.passed[1], [b'S', 0x16, 3, 3]);
}

#[test]
fn what_is_strange_is_passed_through() {
    let strange: [(&[u8], &str); 3] = [
        (&[0x16, 3, 1], "does not begin"),
        (&[0, 0, 0, 9, 0, 2, 0, 0, 0], "does not begin"),
        (&[0, 0, 0, 3, 0, 3, 0, 0], "does not begin"),
    ];
    for (bytes, why) in strange {
        let heard = hear(Protocol::Postgres, &vec![(ToUpstream, bytes.to_vec())]);
        assert!(heard.opaque.is_some_and(|said| said.contains(why)), "{bytes:?}: {heard:?}");
    }
    for later in [framed(b'!', b""), vec![b'Q', 0, 0, 0, 3], vec![b'Q', 0xff, 0, 0, 0]] {
        let heard = hear(Protocol::Postgres, &after_startup(vec![(ToUpstream, later.clone())]));
        assert!(heard.opaque.is_some(), "{later:?}");
    }
}

#[test]
fn a_long_message_is_begun_before_it_is_whole() {
    let long = query(&format!("INSERT INTO t VALUES ('{}')", "x".repeat(1_000_000)));
    let heard = hear(Protocol::Postgres, &after_startup(vec![(ToUpstream, long[..5_000].to_vec())]));
    assert_eq!(heard.messages.last().map(crate::message::Message::label), Some("INSERT"));
}

fn exchange() -> impl Strategy<Value = Script> {
    let words =
        prop::sample::select(vec!["COMMIT", "select 1", "insert into t values ('\u{20ac}')", "", "-- c\nx"]);
    let padding = prop_oneof![Just(0usize), 0..200usize, 4_000..9_000usize];
    let names = prop::sample::select(vec!["", "s1", "s2"]);
    (words, padding, names, 0..4u8).prop_map(|(words, padding, name, how)| {
        let sql = format!("{words}{}", " y".repeat(padding / 2));
        let rows = framed(b'D', &vec![7; padding]);
        let done = [rows, complete("SELECT 1"), ready(b"T")].concat();
        let extended = [parse(name, &sql), bind("", name), execute(""), sync()].concat();
        match how {
            0 => vec![(ToUpstream, query(&sql)), (ToClient, done)],
            1 => vec![(ToUpstream, extended), (ToClient, done)],
            2 => vec![(ToUpstream, extended), (ToClient, [error("40001"), ready(b"E")].concat())],
            _ => vec![
                (ToUpstream, extended),
                (ToClient, framed(b'G', &[0; 3])),
                (ToUpstream, [framed(b'd', &vec![1; padding]), framed(b'c', b""), sync()].concat()),
                (ToClient, [complete("COPY 1"), ready(b"I")].concat()),
            ],
        }
    })
}

proptest! {
    #[test]
    fn conversations_are_heard_however_they_are_split(
        exchanges in prop::collection::vec(exchange(), 1..6),
        lengths in prop::collection::vec(prop_oneof![1..8usize, 1..3_000usize], 1..12),
    ) {
        same_however_split(Protocol::Postgres, &after_startup(exchanges.concat()), &lengths);
    }
}
