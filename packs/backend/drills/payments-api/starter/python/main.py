"""A payments service: POST /v1/payments charges a card, GET reads payments back."""

import json
import os
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pg8000.native

DATABASE = urlsplit(os.environ["DATABASE_URL"])
GATEWAY_URL = os.environ["GATEWAY_URL"]
FIELDS = "id, amount, currency, reference, status, created_at"


def connect():
    return pg8000.native.Connection(
        user=DATABASE.username,
        host=DATABASE.hostname,
        port=DATABASE.port,
        database=DATABASE.path.lstrip("/"),
        ssl_context=False,
    )


def query(sql, **values):
    connection = connect()
    try:
        return connection.run(sql, **values)
    finally:
        connection.close()


def create_tables():
    connection = connect()
    connection.run("BEGIN")
    connection.run("SELECT pg_advisory_xact_lock(1)")  # two instances may start at once
    connection.run("""
        CREATE TABLE IF NOT EXISTS payments (
            id serial PRIMARY KEY,
            idempotency_key text,
            amount integer NOT NULL,
            currency text NOT NULL,
            card text NOT NULL,
            reference text NOT NULL,
            status text NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now()
        )
    """)
    connection.run("COMMIT")
    connection.close()


def to_json(row):
    id, amount, currency, reference, status, created_at = row
    return {
        "id": str(id),
        "amount": amount,
        "currency": currency,
        "reference": reference,
        "status": status,
        "created_at": created_at.isoformat(),
    }


def charge(payment):
    """Charges the card; tries three times."""
    for _ in range(3):
        request = urllib.request.Request(
            GATEWAY_URL + "/charges",
            data=json.dumps(payment).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request) as response:
                return json.load(response)["status"]
        except urllib.error.HTTPError as error:
            if error.code == 402:
                return "declined"
        except OSError:
            pass
    raise RuntimeError("the gateway does not answer")


class Handler(BaseHTTPRequestHandler):
    def answer(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path == "/healthz":
            self.answer(200, {"status": "ok"})
        elif url.path == "/v1/payments":
            self.list_payments(parse_qs(url.query))
        elif url.path.startswith("/v1/payments/"):
            self.get_payment(url.path.split("/")[-1])
        else:
            self.answer(404, {"error": "not found"})

    def do_POST(self):
        if self.path != "/v1/payments":
            return self.answer(404, {"error": "not found"})
        try:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        except ValueError:
            return self.answer(400, {"error": "the body is no JSON"})
        if not all(body.get(name) for name in ("amount", "currency", "card", "reference")):
            return self.answer(400, {"error": "amount, currency, card and reference are required"})

        key = self.headers.get("Idempotency-Key")
        if key:
            rows = query(f"SELECT {FIELDS} FROM payments WHERE idempotency_key = :key", key=key)
            if rows:
                return self.answer(200, to_json(rows[0]))
        try:
            status = charge(body)
        except RuntimeError as error:
            return self.answer(500, {"error": str(error)})
        rows = query(
            f"""INSERT INTO payments (idempotency_key, amount, currency, card, reference, status)
                VALUES (:key, :amount, :currency, :card, :reference, :status) RETURNING {FIELDS}""",
            key=key, amount=body["amount"], currency=body["currency"],
            card=body["card"], reference=body["reference"], status=status,
        )
        if status == "declined":
            return self.answer(402, {"error": "the card was declined"})
        self.answer(200, to_json(rows[0]))

    def get_payment(self, id):
        if not id.isdigit():
            return self.answer(404, {"error": "not found"})
        rows = query(f"SELECT {FIELDS} FROM payments WHERE id = :id", id=int(id))
        if rows:
            self.answer(200, to_json(rows[0]))
        else:
            self.answer(404, {"error": "not found"})

    def list_payments(self, params):
        limit = int(params.get("limit", ["20"])[0])
        offset = int(params.get("cursor", ["0"])[0])
        rows = query(
            f"SELECT {FIELDS} FROM payments ORDER BY id DESC LIMIT :limit OFFSET :offset",
            limit=limit, offset=offset,
        )
        next = str(offset + limit) if len(rows) == limit else None
        self.answer(200, {"data": [to_json(row) for row in rows], "next": next})


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    create_tables()
    Server(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
