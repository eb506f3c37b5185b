"""HTTP/1.1 on the standard library: reads a request whole, hands it on, writes the answer."""

import contextlib
import json
import re
import socket
import sys
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from problems import Problem

BODY_BYTES_MAX = 1 << 40
BODY_SECONDS = 10
DRAIN_BYTES_MAX = 4 * 1024 * 1024


class Server(ThreadingHTTPServer):
    request_queue_size = 512
    daemon_threads = True

    def __init__(self, port, api):
        super().__init__(("127.0.0.1", port), Handler)
        self.api = api
        self.busy = 0
        self.changed = threading.Condition()

    def server_bind(self):
        # HTTPServer would ask the resolver for this machine's name, which can take seconds.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = self.server_address

    @contextlib.contextmanager
    def at_work(self):
        with self.changed:
            self.busy += 1
        try:
            yield
        finally:
            with self.changed:
                self.busy -= 1
                self.changed.notify_all()

    def finish(self, seconds):
        """Waits for requests that are being answered; idle connections may go."""
        with self.changed:
            self.changed.wait_for(lambda: self.busy == 0, timeout=seconds)

    def handle_error(self, request, client_address):
        # A client that hangs up is no news; anything else is.
        if not isinstance(sys.exc_info()[1], OSError):
            traceback.print_exc()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "payments"
    sys_version = ""
    timeout = 60
    # Head and body leave in one packet: in two, Nagle's delay would cost 40 ms a request.
    wbufsize = -1
    disable_nagle_algorithm = True

    def __getattr__(self, name):
        # http.server looks for do_GET, do_PUT and so on and answers 501 where one is
        # missing; here the routes decide, for every method there is.
        if name.startswith("do_"):
            return self.respond
        raise AttributeError(name)

    def respond(self):
        with self.server.at_work():
            try:
                body = self.read_body()
                answer = self.server.api.answer(self.command, self.path, self.headers, body)
            except Problem as problem:
                answer = problem.answer()
            except OSError:
                raise
            except Exception:
                traceback.print_exc()
                answer = Problem(500, "internal", "The service made a mistake.").answer()
            self.write(answer)
            self.wfile.flush()

    def read_body(self):
        lengths = self.headers.get_all("Content-Length", [])
        coding = self.headers.get("Transfer-Encoding")
        self.connection.settimeout(BODY_SECONDS)
        try:
            if coding is not None:
                if lengths or coding.strip().lower() != "chunked":
                    raise malformed("Transfer-Encoding and Content-Length do not agree.")
                return self.read_chunks()
            if not lengths:
                return b""
            if len(set(lengths)) > 1 or not re.fullmatch(r"[0-9]{1,18}", lengths[0]):
                raise malformed("Content-Length is no length.")
            if int(lengths[0]) > BODY_BYTES_MAX:
                raise too_large()
            return self.read_exactly(int(lengths[0]))
        except socket.timeout:
            raise Problem(408, "timeout", "The body did not come.", close=True) from None
        finally:
            self.connection.settimeout(self.timeout)

    def read_chunks(self):
        body = b""
        while True:
            head = re.fullmatch(rb"([0-9A-Fa-f]{1,8})[ \t]*(;[^\r\n]*)?\r?\n", self.rfile.readline(1024))
            if not head:
                raise malformed("A chunk has no length.")
            size = int(head[1], 16)
            if len(body) + size > BODY_BYTES_MAX:
                raise too_large()
            if size == 0:
                while self.rfile.readline(8192) not in (b"\r\n", b"\n", b""):
                    pass
                return body
            body += self.read_exactly(size)
            if self.rfile.readline(2) not in (b"\r\n", b"\n"):
                raise malformed("A chunk is longer than it says.")

    def read_exactly(self, size):
        body = self.rfile.read(size)
        if len(body) < size:
            raise ConnectionError("the client hung up in the middle of the body")
        return body

    def write(self, answer):
        content = json.dumps(answer.body).encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(content)))
        if answer.close:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        if answer.close:
            self.drain()

    def drain(self):
        # Closing with unread bytes would reset the connection and take the answer with it.
        with contextlib.suppress(OSError):
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(1)
            left = DRAIN_BYTES_MAX
            while left > 0:
                part = self.rfile.read1(65536)
                if not part:
                    break
                left -= len(part)

    def send_error(self, code, message=None, explain=None):
        # What http.server refuses by itself, such as a broken request line, would be HTML.
        self.request_version = "HTTP/1.1"
        self.write(Problem(code, "malformed", message or "Malformed request.", close=True).answer())

    def log_message(self, *_):
        pass


def malformed(detail):
    return Problem(400, "malformed", detail, close=True)


def too_large():
    return Problem(413, "too-large", f"A body has at most {BODY_BYTES_MAX} bytes.", close=True)
