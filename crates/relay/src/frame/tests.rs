//! Frames driven as a lane drives them, and the laws that hold for every stream.

use proptest::prelude::*;

use super::{BUFFER_BYTES, Frames, Step};
use crate::message::Direction::{self, ToClient, ToUpstream};
use crate::message::{Kind, Message, Protocol};

/// What came of a conversation.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    pub(super) messages: Vec<Message>,
    pub(super) ended: usize,
    pub(super) passed: [Vec<u8>; 2],
    pub(super) opaque: Option<&'static str>,
}

pub(super) type Script = Vec<(Direction, Vec<u8>)>;

/// Feeds the pieces in their order, with whatever each finds undecided before it, and the ends at last.
pub(super) fn hear(protocol: Protocol, script: &Script) -> Heard {
    let mut frames = Frames::new(protocol);
    let mut heard = Heard::default();
    let mut waiting = [Vec::new(), Vec::new()];
    for (direction, piece) in script {
        let waiting = &mut waiting[*direction as usize];
        waiting.extend_from_slice(piece);
        loop {
            let step = frames.next(*direction, waiting);
            if step == Step::More {
                break;
            }
            heard.take(*direction, step, waiting);
        }
        assert!(waiting.len() < BUFFER_BYTES, "a frame waits for more than a buffer holds");
    }
    for direction in [ToUpstream, ToClient] {
        let waiting = &mut waiting[direction as usize];
        loop {
            match frames.finish(direction) {
                Step::More => break,
                step => heard.take(direction, step, waiting),
            }
        }
        heard.passed[direction as usize].append(waiting);
    }
    heard
}

impl Heard {
    fn take(&mut self, direction: Direction, step: Step, waiting: &mut Vec<u8>) {
        match step {
            Step::More => {}
            Step::Begin(message) => {
                assert_eq!(message.direction, direction);
                self.messages.push(message);
            }
            Step::Pass(bytes) => self.passed[direction as usize].extend(waiting.drain(..bytes)),
            Step::End => {
                self.ended += 1;
                assert!(self.ended <= self.messages.len(), "an end without a beginning");
            }
            Step::Opaque(why) => assert!(self.opaque.replace(why).is_none(), "opaque twice"),
        }
    }

    /// `kind text < about`, a line each.
    pub(super) fn told(&self, kinds: &[Kind]) -> Vec<String> {
        let messages = self.messages.iter().filter(|message| kinds.contains(&message.kind));
        let told = messages.map(|message| {
            let text = message.text.as_deref().unwrap_or_default();
            let about = message.about.as_deref().map(|about| format!(" < {about}")).unwrap_or_default();
            format!("{:?} {text}{about}", message.kind)
        });
        told.collect()
    }
}

pub(super) fn bytes_of(script: &Script) -> [Vec<u8>; 2] {
    let mut bytes = [Vec::new(), Vec::new()];
    for (direction, piece) in script {
        bytes[*direction as usize].extend_from_slice(piece);
    }
    bytes
}

/// Cuts each piece into pieces of these lengths, taken round and round.
pub(super) fn split(script: &Script, lengths: &[usize]) -> Script {
    let mut lengths = lengths.iter().cycle();
    let mut pieces = Vec::new();
    for (direction, whole) in script {
        let mut rest = &whole[..];
        while !rest.is_empty() {
            let length = lengths.next().copied().unwrap_or(1).clamp(1, rest.len());
            pieces.push((*direction, rest[..length].to_vec()));
            rest = &rest[length..];
        }
    }
    pieces
}

/// The law of frames: however a conversation is cut, the same messages are heard and no byte is changed.
pub(super) fn same_however_split(protocol: Protocol, script: &Script, lengths: &[usize]) {
    let whole = hear(protocol, script);
    let pieces = hear(protocol, &split(script, lengths));
    assert_eq!(whole, pieces);
    assert_eq!(whole.passed, bytes_of(script));
    assert_eq!(whole.opaque, None);
    assert_eq!(whole.ended, whole.messages.len(), "every message that begins ends");
}

fn protocols() -> impl Strategy<Value = Protocol> {
    prop_oneof![Just(Protocol::Postgres), Just(Protocol::Resp), Just(Protocol::Http1), Just(Protocol::Opaque)]
}

/// Bytes that look like something now and then.
fn likely_bytes() -> impl Strategy<Value = Vec<u8>> {
    let words = [
        "*3\r\n",
        "$3\r\nSET\r\n",
        "$-1\r\n",
        "+OK\r\n",
        "%2\r\n",
        "|1\r\n",
        ">2\r\n",
        "GET / HTTP/1.1\r\n",
        "HTTP/1.1 200 OK\r\n",
        "\r\n",
        "Content-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\n",
        "0\r\n",
        "5\r\nhello\r\n",
        "Q\0\0\0\x0bCOMMIT\0",
        "C\0\0\0\x0bCOMMIT\0",
        "Z\0\0\0\x05I",
        "\0\0\0\x08\u{4}\u{d2}\u{16}\u{2f}",
        "\0\0\0\x09\0\x03\0\0\0",
        "N",
        "S",
        "S\0\0\0\x04",
        "E\0\0\0\x09\0\0\0\0\0",
        "HTTP/1.1 101 S\r\n\r\n",
    ];
    let bytes = words.map(|word| word.chars().map(|c| c as u8).collect::<Vec<u8>>());
    prop_oneof![3 => prop::sample::select(bytes.to_vec()), 1 => prop::collection::vec(any::<u8>(), 1..40)]
}

fn any_script() -> impl Strategy<Value = Script> {
    let direction = prop_oneof![Just(ToUpstream), Just(ToClient)];
    prop::collection::vec((direction, likely_bytes()), 0..30)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_comes_goes_on_unchanged(protocol in protocols(), script in any_script()) {
        let heard = hear(protocol, &script);
        prop_assert_eq!(heard.passed, bytes_of(&script));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn no_frame_waits_for_more_than_a_buffer_holds(
        protocol in protocols(),
        first in likely_bytes(),
        byte in any::<u8>(),
        direction in prop_oneof![Just(ToUpstream), Just(ToClient)],
    ) {
        let flood = vec![byte; 3 * BUFFER_BYTES];
        let script = split(&vec![(direction, [first, flood].concat())], &[BUFFER_BYTES / 3]);
        let heard = hear(protocol, &script);
        prop_assert_eq!(heard.passed, bytes_of(&script));
    }
}
