//! Programs that start, and then answer in a strange way, too late, or not at all.

use crate::echo::{CLAIM, Echo, got, judged, judged_at};

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

/// Judges a server of [`RAW`]'s, and insists on words of what the first wrong answer was.
#[track_caller]
fn answers(echo: &Echo, words: &str, program: &str) {
    let program = format!("from raw import *\n{program}");
    let ruled = echo.check(&echo.workspace("alone", &[("raw.py", RAW), ("service.py", &program)]));
    let got = got(&ruled.fails(CLAIM)).to_string();
    assert!(got.contains(words), "{got}");
    echo.assert_nothing_is_left();
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
fn what_is_no_answer_is_told_as_what_it_is() {
    let echo = Echo::new();
    answers(&echo, "no HTTP", "serve(lambda c: c.sendall(bytes(range(256)) * 8))");
    let ok = "HTTP/1.1 200 OK\\r\\n";
    let no_text =
        format!("serve(lambda c: c.sendall(b'{ok}Content-Length: 4\\r\\n\\r\\n\\xff\\x00\\xfe\\x01'))");
    answers(&echo, "200 \u{fffd}", &no_text);
    let treated = |body: &str| format!("def treat(c):\n    {body}\nserve(treat)");
    let headers = format!("c.sendall(b'{ok}')\n    while True: c.sendall(b'X-More: and more\\r\\n' * 100)");
    answers(&echo, "too many headers", &treated(&headers));
    let body = format!(
        "c.sendall(b'{ok}Content-Length: 99999999999\\r\\n\\r\\n')\n    while True: c.sendall(b'hello' * 10000)"
    );
    answers(&echo, "longer than 1 MiB", &treated(&body));
    answers(&echo, "no answer", &treated("c.shutdown(socket.SHUT_RDWR)"));
    let half =
        format!("c.sendall(b'{ok}Content-Length: 5\\r\\n\\r\\nhel')\n    c.shutdown(socket.SHUT_RDWR)");
    answers(&echo, "the answer 200 broke off", &treated(&half));
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
