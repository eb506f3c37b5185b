//! An answer means the same however it is cut into pieces, and nothing that a server sends breaks the reader.

use proptest::prelude::*;

use super::*;

const SMALL: Limits = Limits { head_bytes_max: 512, body_bytes_max: 4096 };

/// What is read from bytes that are cut somewhere, and whether it is whole when the peer then closes.
struct Read {
    result: Result<Progress, Failure>,
    used: usize,
    whole_at_end: bool,
    status: Option<u16>,
    response: Option<Response>,
    keeps_alive: bool,
}

fn read(bytes: &[u8], cuts: &[usize], to_head: bool) -> Read {
    let mut reader = Reader::new(SMALL, Some(100_000));
    reader.reset(to_head);
    let mut places: Vec<usize> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).collect();
    places.extend([0, bytes.len()]);
    places.sort_unstable();
    let mut result = Ok(Progress::More);
    let mut used = 0;
    for pair in places.windows(2) {
        result = reader.feed(&bytes[pair[0]..pair[1]]);
        match result {
            Ok(Progress::Done { used: some }) => used += some,
            Ok(Progress::More) => used += pair[1] - pair[0],
            Err(_) => {}
        }
        if result != Ok(Progress::More) {
            break;
        }
    }
    let whole_at_end = reader.end();
    let (status, keeps_alive) = (reader.status(), reader.keeps_alive());
    Read { result, used, whole_at_end, status, response: reader.take_response(), keeps_alive }
}

fn whole(text: &str) -> Read {
    read(text.as_bytes(), &[], false)
}

fn chunked(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{body}")
}

#[test]
fn bodies_end_where_their_framing_says() {
    let interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n";
    let answers = [
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiREST".to_owned(), "hi"),
        (chunked("1\r\nh\r\n1;why=no\r\ni\r\n0\r\n\r\nREST"), "hi"),
        (chunked("2\r\nhi\r\n0\r\nSum: 1\r\nEnd: 2\r\n\r\nREST"), "hi"),
        (format!("{interim}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiREST"), "hi"),
        ("HTTP/1.1 204 No Content\r\n\r\nREST".to_owned(), ""),
        ("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nREST".to_owned(), ""),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nREST".to_owned(), ""),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nhiREST".to_owned(), "hi"),
    ];
    for (answer, body) in answers {
        let read = whole(&answer);
        assert_eq!(read.result.map(|_| &answer.as_bytes()[read.used..]), Ok(b"REST".as_slice()), "{answer}");
        assert_eq!(read.response.map(|kept| kept.body), Some(body.as_bytes().to_vec()), "{answer}");
        assert!(read.keeps_alive, "{answer}");
    }
}

#[test]
fn an_answer_to_head_has_no_body() {
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
    let read = read(answer, &[], true);
    assert_eq!((read.result, read.status), (Ok(Progress::Done { used: answer.len() }), Some(200)));
}

#[test]
fn without_framing_the_end_of_the_connection_is_the_end() {
    let read = whole("HTTP/1.0 200 OK\r\nServer: old\r\n\r\nall there is");
    assert_eq!(read.result, Ok(Progress::More));
    assert!(read.whole_at_end && !read.keeps_alive);
    assert_eq!(read.response.map(|kept| kept.body), Some(b"all there is".to_vec()));
}

#[test]
fn what_ends_too_early_is_not_whole() {
    let answers = [
        String::new(),
        "HTTP/1.1 200".to_owned(),
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi".to_owned(),
        "HTTP/1.1 100 Continue\r\n\r\n".to_owned(),
        chunked("2\r\nhi\r\n"),
        chunked("0\r\n"),
    ];
    for answer in answers {
        let read = whole(&answer);
        assert_eq!((read.result, read.whole_at_end), (Ok(Progress::More), false), "{answer}");
    }
}

#[test]
fn what_is_no_response_is_invalid() {
    let answers = [
        "SSH-2.0-OpenSSH_9.9\r\n".to_owned(),
        "\u{16}\u{3}\u{1}".to_owned(),
        "GET / HTTP/1.1\r\n\r\n".to_owned(),
        "HTTP/1.1 999 Odd\r\n\r\n".to_owned(),
        "HTTP/1.1 101 Switching Protocols\r\n\r\n".to_owned(),
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n".to_owned(),
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n".to_owned(),
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned(),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n".to_owned(),
        chunked("zz\r\n"),
        chunked("\r\n"),
        chunked("1\r\nhello\r\n"),
        chunked("ffffffffffffffffff\r\n"),
    ];
    for answer in answers {
        assert_eq!(whole(&answer).result, Err(Failure::Invalid), "{answer}");
    }
}

#[test]
fn what_has_no_end_is_cut_off() {
    let endless = [
        format!("HTTP/1.1 200 OK\r\n{}", "A: b\r\n".repeat(100)),
        format!("HTTP/1.1 200 OK\r\nA: {}", "b".repeat(600)),
        "HTTP/1.1 100 Continue\r\n\r\n".repeat(30),
        "HTTP/1.1 200 OK\r\nContent-Length: 4097\r\n\r\n".to_owned(),
        format!("HTTP/1.1 200 OK\r\n\r\n{}", "b".repeat(4097)),
        chunked(&"1\r\nb\r\n".repeat(4097)),
        chunked(&format!("1;{}", "b".repeat(600))),
        chunked(&"0".repeat(600)),
        chunked(&format!("0\r\n{}", "A: b\r\n".repeat(200))),
    ];
    for answer in endless {
        assert_eq!(whole(&answer).result, Err(Failure::TooLarge), "{answer}");
        let dripped: Vec<usize> = (0..answer.len()).collect();
        assert_eq!(read(answer.as_bytes(), &dripped, false).result, Err(Failure::TooLarge), "{answer}");
    }
}

#[test]
fn a_connection_is_kept_as_the_peer_wishes() {
    let with =
        |version: &str, field: &str| format!("HTTP/{version} 200 OK\r\nContent-Length: 0\r\n{field}\r\n");
    for (answer, kept) in [
        (with("1.1", ""), true),
        (with("1.1", "Connection: close\r\n"), false),
        (with("1.1", "Connection: x, Close\r\n"), false),
        (with("1.0", ""), false),
        (with("1.0", "Connection: keep-alive\r\n"), true),
    ] {
        assert_eq!(whole(&answer).keeps_alive, kept, "{answer}");
    }
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Length,
    Chunked,
    UntilClose,
}

fn encode(kind: Kind, body: &[u8], chunk: usize) -> Vec<u8> {
    let mut answer = b"HTTP/1.1 200 OK\r\nX-Some: thing\r\n".to_vec();
    match kind {
        Kind::Length => {
            answer.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes())
        }
        Kind::Chunked => answer.extend_from_slice(b"transfer-encoding: Chunked\r\n\r\n"),
        Kind::UntilClose => answer.extend_from_slice(b"\r\n"),
    }
    if let Kind::Chunked = kind {
        for piece in body.chunks(chunk) {
            answer.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
            answer.extend_from_slice(piece);
            answer.extend_from_slice(b"\r\n");
        }
        answer.extend_from_slice(b"0\r\n\r\n");
    } else {
        answer.extend_from_slice(body);
    }
    answer
}

proptest! {
    #[test]
    fn an_answer_means_the_same_however_it_is_cut(
        kind in prop_oneof![Just(Kind::Length), Just(Kind::Chunked), Just(Kind::UntilClose)],
        body in proptest::collection::vec(any::<u8>(), 0..300),
        chunk in 1..50_usize,
        cuts in proptest::collection::vec(any::<usize>(), 0..20),
    ) {
        let mut answer = encode(kind, &body, chunk);
        let length = answer.len();
        if !matches!(kind, Kind::UntilClose) {
            answer.extend_from_slice(b"HTTP/1.1 500 Next\r\n");
        }
        let read = read(&answer, &cuts, false);
        prop_assert!(read.whole_at_end);
        prop_assert!(read.result.is_ok());
        prop_assert_eq!(read.used, length);
        prop_assert_eq!(read.status, Some(200));
        prop_assert_eq!(read.response.map(|kept| kept.body), Some(body));
    }

    #[test]
    fn nothing_that_is_sent_breaks_the_reader(
        start in "(HTTP/1\\.[01] [0-9]{3} ?[a-z]{0,4}\r\n)?((transfer-encoding|content-length|a):[ ,a-z0-9]{0,9}\r\n){0,3}(\r\n)?",
        rest in proptest::collection::vec(any::<u8>(), 0..200),
        cuts in proptest::collection::vec(any::<usize>(), 0..20),
    ) {
        let bytes = [start.as_bytes(), &rest].concat();
        let once = read(&bytes, &[], false);
        let cut = read(&bytes, &cuts, false);
        prop_assert!(once.used <= bytes.len() && cut.used <= bytes.len());
        // A whole answer is whole in pieces too.
        if let Ok(Progress::Done { .. }) = once.result {
            prop_assert_eq!(once.result.is_ok(), cut.result.is_ok());
            prop_assert_eq!((once.used, once.response), (cut.used, cut.response));
        }
    }
}
