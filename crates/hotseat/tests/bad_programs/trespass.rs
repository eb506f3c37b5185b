//! Programs that reach for what is not theirs: the run goes on, and they get nothing.

use std::net::{TcpListener, UdpSocket};
use std::path::Path;

use crate::echo::{Echo, RECIPE, open_to_all};
use crate::support::skip;

/// Says hello, or what it could reach of what was listed.
const TRESPASSER: &str = "import frame, glob, os, socket, urllib.request

reached = []

def reach(what, how):
    try:
        how()
    except OSError:
        return
    reached.append(what)

def is_there(path):
    with open(path, 'rb') as file:
        file.read(1)

def connect(family, address):
    with socket.socket(family) as s:
        s.connect(address)

def send(port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(b'hello', ('127.0.0.1', port))

def control():
    is_there('service.toml')
    open('own', 'w').close()
    port = int(os.environ['DATABASE_URL'].split(':')[-1].split('/')[0])
    connect(socket.AF_INET, ('127.0.0.1', port))
    try:
        urllib.request.urlopen(os.environ['GATEWAY_URL'] + '/charges/none')
    except urllib.error.HTTPError as error:
        assert error.code == 404
";

fn program(attempts: &str) -> String {
    format!(
        "{TRESPASSER}\n{attempts}\nreach('control', control)\nframe.serve(lambda path: 'hello' if reached == ['control'] else ' '.join(reached) or 'nothing')\n"
    )
}

/// What `hotseat doctor` says of the sandbox.
fn sandbox(echo: &Echo) -> String {
    let json = echo.home.hotseat(["doctor", "--json"]).json();
    let findings = json["findings"].as_array().into_iter().flatten();
    let found = findings.filter(|it| it["what"] == "sandbox").filter_map(|it| it["found"].as_str()).next();
    found.unwrap_or_default().to_string()
}

/// Whether this machine's sandbox can deny anything.
fn denies(echo: &Echo, test: &str) -> bool {
    let found = sandbox(echo);
    let denies = found.contains("in a full sandbox") || found.contains("run confined");
    if !denies {
        skip(test, &found);
    }
    denies
}

#[test]
fn what_lies_outside_is_not_written_and_nobody_else_is_spoken_to() {
    let echo = Echo::new();
    if !denies(&echo, "what_lies_outside_is_not_written_and_nobody_else_is_spoken_to") {
        return;
    }
    let outside = echo.home.work().join("outside");
    std::fs::create_dir(&outside).expect("a folder");
    open_to_all(&outside);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let udp = UdpSocket::bind("127.0.0.1:0").expect("a port");
    udp.set_nonblocking(true).expect("it is a socket");
    let [tcp_port, udp_port] =
        [listener.local_addr(), udp.local_addr()].map(|at| at.expect("it has one").port());
    let mut attempts = format!(
        "reach('a folder of everybody', lambda: open('{outside}/mine', 'w').close())\n\
         reach('the workspace of the learner', lambda: open('{work}/mine', 'w').close())\n\
         reach('udp', lambda: send({udp_port}))\n",
        outside = outside.display(),
        work = echo.home.work().display(),
    );
    if !sandbox(&echo).contains("does not keep them from other TCP ports") {
        attempts += &format!("reach('tcp', lambda: connect(socket.AF_INET, ('127.0.0.1', {tcp_port})))\n");
        attempts += "reach('another door', lambda: socket.create_server(('127.0.0.1', 0)))\n";
    }
    echo.check(&echo.workspace("alone", &[("service.py", &program(&attempts))])).passes();
    assert!(std::fs::read_dir(&outside).expect("it is there").next().is_none(), "something was written");
    assert!(udp.recv(&mut [0; 8]).is_err(), "something was sent");
    echo.assert_nothing_is_left();
}

#[test]
fn the_judges_own_files_are_not_read() {
    let echo = Echo::new();
    if !denies(&echo, "the_judges_own_files_are_not_read") {
        return;
    }
    // There is a stored run to look for.
    echo.check(&echo.workspace("alone", &[])).passes();
    let read = |what: &str, path: &Path| format!("reach('{what}', lambda: is_there('{}'))\n", path.display());
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_programs/pack");
    let attempts = [
        read("a stored run", &echo.home.run_dir("echo-1").join("verdict.json")),
        read("files of the database", &echo.home.bench().join("data/PG_VERSION")),
        read("log of the server", &echo.home.bench().join("server.log")),
        read("the pack", &pack.join("drills/echo/drill.toml")),
        read("passwords", Path::new("/etc/shadow")),
        read("the memory of the first process", Path::new("/proc/1/environ")),
        format!(
            "for path in glob.glob('{}/.new-*/*'):\n    reach('evidence', lambda: is_there(path))\n",
            echo.home.path().join("runs").display()
        ),
        "for path in glob.glob('/tmp/hotseat-*/.s.*'):\n    reach('its socket', lambda: connect(socket.AF_UNIX, path))\n"
            .to_string(),
    ];
    // At the full level, process 1 is the program's own.
    let attempts: String = match sandbox(&echo).contains("in a full sandbox") {
        true => attempts.iter().filter(|it| !it.contains("/proc/1")).cloned().collect(),
        false => attempts.concat(),
    };
    echo.check(&echo.workspace("beside", &[("service.py", &program(&attempts))])).passes();
    echo.assert_nothing_is_left();
}

#[test]
fn a_recipe_cannot_choose_what_the_judge_gives() {
    let echo = Echo::new();
    let recipe =
        "run = \"python3 service.py\"\nenv = { PORT = \"1\", HOME = \"/\", LD_PRELOAD = \"/nowhere.so\" }\n";
    echo.check(&echo.workspace("alone", &[(RECIPE, recipe)])).passes();
    echo.assert_nothing_is_left();
}
