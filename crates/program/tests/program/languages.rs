//! Servers in languages whose runtimes ask much of a system start in every sandbox.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

use program::Launch;

use crate::support::{HANG, Rig, free_port, levels, listening, start};

const NODE: &str = "
const { Worker, isMainThread } = require('node:worker_threads');
require('node:os').networkInterfaces();
require('node:dns').lookup('localhost', (error) => {
  if (error) throw error;
  require('node:http').createServer((_, answer) => answer.end('hello')).listen(process.env.PORT);
});";

const JAVA: &str = "
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
public class Main {
  public static void main(String[] arguments) throws Exception {
    var at = new InetSocketAddress(\"127.0.0.1\", Integer.parseInt(System.getenv(\"PORT\")));
    var server = HttpServer.create(at, 0);
    server.createContext(\"/\", exchange -> {
      exchange.sendResponseHeaders(200, 5);
      exchange.getResponseBody().write(\"hello\".getBytes());
      exchange.close();
    });
    server.setExecutor(java.util.concurrent.Executors.newFixedThreadPool(50));
    server.start();
  }
}";

const PYTHON: &str = "
import http.server, multiprocessing, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'hello')
def serve():
    http.server.ThreadingHTTPServer(('', int(os.environ['PORT'])), Handler).serve_forever()
if __name__ == '__main__':
    worker = multiprocessing.get_context('spawn').Process(target=serve)
    worker.start()
    worker.join()";

/// Starts the server, asks it something, and stops it.
async fn serves(tool: &str, prepare: impl Fn(&Rig, program::Level) -> Launch) {
    if !Path::new(tool).exists() {
        eprintln!("skipped: {tool} is not installed");
        return;
    }
    for level in levels().await {
        let (rig, port) = (Rig::new(), free_port());
        let program = start(&listening(prepare(&rig, level), port)).await;
        program.ready(port, HANG).await.unwrap_or_else(|error| panic!("{level}: {error}"));
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
        stream.write_all(b"GET / HTTP/1.0\r\n\r\n").expect("it takes requests");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        assert!(answer.ends_with("hello"), "{level}: {answer}");
        let stopped = program.stop(HANG).await;
        assert!(!stopped.killed, "{level}: {:?}", stopped.end);
    }
}

#[tokio::test]
async fn node_serves() {
    serves("/usr/bin/node", |rig, level| {
        rig.write("main.js", NODE);
        rig.launch(level, &["node", "main.js"])
    })
    .await;
}

#[tokio::test]
async fn java_serves() {
    serves("/usr/bin/java", |rig, level| {
        rig.write("Main.java", JAVA);
        rig.launch(level, &["java", "Main.java"])
    })
    .await;
}

#[tokio::test]
async fn python_with_a_second_process_serves() {
    serves("/usr/bin/python3", |rig, level| rig.python(level, PYTHON)).await;
}
