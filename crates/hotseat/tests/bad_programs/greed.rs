//! Programs that want more than they may have: output, processes, memory, disk, connections.

use crate::echo::{Echo, judged, judged_at};

/// A program that does something at its second request.
fn at_a_request(body: &str) -> String {
    format!(
        "import frame, os, sys, threading, time\nsaid = []\ndef greed():\n    {body}\ndef answer(path):\n    \
         said.append(path)\n    if len(said) == 2:\n        greed()\n    return 'hello'\nframe.serve(answer)\n"
    )
}

#[track_caller]
fn is_ended_because(body: &str, words: &[&str]) {
    let ruled = judged_at("beside", &[("service.py", &at_a_request(body))]);
    let ruled = ruled.does_not_run("service.toml", None, words);
    let example = ruled.counterexample("runs");
    assert_eq!(example["what"], "your program has ended while it was needed", "{example:#}");
}

#[test]
fn a_flood_of_output_fills_nothing() {
    let echo = Echo::new();
    let flood = "import frame, os, threading\ndef flood():\n    while True:\n        os.write(1, b'more\\n' * 20000)\n\
                 threading.Thread(target=flood, daemon=True).start()\nframe.serve(lambda path: 'hello')\n";
    echo.check(&echo.workspace("alone", &[("service.py", flood)])).passes();
    let evidence = echo.home.run_dir("echo-1").join("evidence.sqlite");
    let bytes = std::fs::metadata(evidence).expect("the run is stored").len();
    assert!(bytes < 1 << 20, "the evidence has {bytes} bytes");
    echo.assert_nothing_is_left();
}

#[test]
fn of_a_flood_before_the_end_the_last_is_shown() {
    let ruled =
        judged("import os\nfor n in range(1000):\n    os.write(2, b'more\\n' * 20000)\nprint(1 / 0)\n");
    let ruled = ruled.does_not_run("service.toml", None, &["exit status 1", "ZeroDivisionError"]);
    let message = ruled.counterexample("runs")["message"].as_str().unwrap_or_default().len();
    assert!(message < 3000, "the message has {message} bytes");
}

#[test]
fn forks_without_end_are_ended() {
    // Programs of all homes run as one user, who may have so many processes.
    let echo = Echo::alone();
    let program = at_a_request(
        "while True:\n        try:\n            os.fork()\n        except OSError:\n            time.sleep(0.1)",
    );
    let ruled = echo.check(&echo.workspace("beside", &[("service.py", &program)]));
    ruled.does_not_run("service.toml", None, &["processes and threads", "512 is its limit"]);
    echo.assert_nothing_is_left();
}

#[test]
fn memory_without_end_is_ended() {
    is_ended_because(
        "kept = [bytearray(1 << 26) for _ in range(200)]",
        &["MiB of memory", "1024 MiB is its limit"],
    );
}

#[test]
fn a_file_without_end_is_ended() {
    let body = "os.posix_fallocate(os.open('big', os.O_CREAT | os.O_RDWR), 0, 300 << 20)";
    // Python is told of it as an error, and lives.
    let ruled = judged(&at_a_request(body));
    assert_eq!(ruled.ruling(), "fail", "{:#}", ruled.json);
    let body = "[os.posix_fallocate(os.open(f'big-{n}', os.O_CREAT | os.O_RDWR), 0, 200 << 20) for n in range(7)]; time.sleep(60)";
    is_ended_because(body, &["MiB of disk", "1024 MiB is its limit"]);
}

#[test]
fn all_connections_of_the_database_are_not_enough_to_stop_the_judge() {
    let hoard = "import frame, os, socket, struct
from urllib.parse import urlparse
url = urlparse(os.environ['DATABASE_URL'])
body = b'\\0'.join([b'user', url.username.encode(), b'database', url.path[1:].encode(), b'\\0'])
hello = struct.pack('>ii', 8 + len(body), 196608) + body
kept = []
for _ in range(120):
    connection = socket.create_connection((url.hostname, url.port))
    connection.sendall(hello)
    connection.recv(1)
    kept.append(connection)
frame.serve(lambda path: 'hello')
";
    judged_at("beside", &[("service.py", hoard)]).passes();
}
