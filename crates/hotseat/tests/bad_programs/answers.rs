//! Programs that start, and then answer in a strange way, too late, or not at all.

use crate::echo::{CLAIM, got, judged, judged_at};

/// A server that does with each connection what a function says, after it has read the request.
const RAW: &str = "import os, socket, threading, time

def serve(treat):
    listener = socket.create_server(('127.0.0.1', int(os.environ['PORT'])))
    while True:
        connection = listener.accept()[0]
        threading.Thread(target=talk, args=(connection, treat), daemon=True).start()

def talk(connection, treat):
    try:
        while connection.recv(65536):
            treat(connection)
    except OSError:
        pass
    finally:
        connection.close()
";

/// Judges a server of [`RAW`]'s, and gives what the first wrong answer was.
#[track_caller]
fn answers(program: &str) -> String {
    let program = format!("from raw import *\n{program}");
    let ruled = judged_at("alone", &[("raw.py", RAW), ("service.py", &program)]);
    got(&ruled.fails(CLAIM)).to_string()
}

#[test]
fn one_that_crashes_at_a_request_is_told_with_its_last_words() {
    let program = "import frame, os\nsaid = []\ndef answer(path):\n    said.append(path)\n    \
                   if len(said) == 2:\n        print('KeyError: 7', flush=True)\n        os._exit(3)\n    \
                   return 'hello'\nframe.serve(answer)\n";
    for level in ["alone", "beside"] {
        let ruled = judged_at(level, &[("service.py", program)]);
        let ruled = ruled.does_not_run("service.toml", None, &["instance", "exit status 3", "KeyError: 7"]);
        let example = ruled.counterexample("runs");
        assert_eq!(example["what"], "your program has ended while it was needed", "{example:#}");
    }
}

#[test]
fn garbage_is_told_as_no_http() {
    let got = answers("serve(lambda c: c.sendall(bytes(range(256)) * 8))");
    assert!(got.contains("no HTTP"), "{got}");
}

#[test]
fn an_answer_that_is_no_text_is_a_wrong_answer() {
    let got = answers(
        "serve(lambda c: c.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Length: 4\\r\\n\\r\\n\\xff\\x00\\xfe\\x01'))",
    );
    assert!(got.starts_with("200 "), "{got}");
}

#[test]
fn endless_headers_are_cut_short() {
    let got = answers(
        "def treat(c):\n    c.sendall(b'HTTP/1.1 200 OK\\r\\n')\n    while True:\n        \
         c.sendall(b'X-More: and more\\r\\n' * 100)\nserve(treat)",
    );
    assert!(got.contains("too many headers"), "{got}");
}

#[test]
fn an_endless_body_is_cut_short() {
    let got = answers(
        "def treat(c):\n    c.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Length: 99999999999\\r\\n\\r\\n')\n    \
         while True:\n        c.sendall(b'hello' * 10000)\nserve(treat)",
    );
    assert!(got.contains("longer than 1 MiB"), "{got}");
}

#[test]
fn connections_that_are_closed_are_told_apart() {
    let silent = answers("def treat(c):\n    c.shutdown(socket.SHUT_RDWR)\nserve(treat)");
    assert!(silent.contains("no answer"), "{silent}");
    let half = answers(
        "def treat(c):\n    c.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhel')\n    \
         c.shutdown(socket.SHUT_RDWR)\nserve(treat)",
    );
    assert!(half.contains("the answer 200 broke off"), "{half}");
}

#[test]
fn one_that_closes_a_connection_after_each_answer_is_asked_on_a_new_one() {
    let program = "from raw import *\ndef treat(c):\n    \
                   c.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello')\n    \
                   c.shutdown(socket.SHUT_RDWR)\nserve(treat)";
    judged_at("alone", &[("raw.py", RAW), ("service.py", program)]).passes();
}

#[test]
fn an_answer_that_comes_too_late_is_none() {
    let program = "import frame, time\nsaid = []\ndef answer(path):\n    said.append(path)\n    \
                   if len(said) == 1:\n        time.sleep(60)\n    return 'hello'\nframe.serve(answer)\n";
    let ruled = judged(program).fails(CLAIM);
    assert!(got(&ruled).contains("no whole answer within 5 s"), "{}", got(&ruled));
}
