"""A server that answers each path with what a function says, and ends in good order on SIGTERM."""

import os
import select
import signal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def serve(answer):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            said = answer(self.path).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *words):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = False

    # A handler that did more might come while a thread is being started, and wait for its own lock.
    told = []
    signal.signal(signal.SIGTERM, lambda *_: told.append(True))
    server = Server(("127.0.0.1", int(os.environ["PORT"])), Handler)
    server.timeout = 0.05
    while not told:
        server.handle_request()
    # Whoever had connected before the signal came is served, too.
    while select.select([server], [], [], 0)[0]:
        server.handle_request()
    server.server_close()
