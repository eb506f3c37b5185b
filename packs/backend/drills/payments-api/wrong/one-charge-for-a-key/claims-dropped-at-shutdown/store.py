"""The payments in PostgreSQL. Each statement stands alone and may be run twice, so a connection
that broke (the database was restarted, say) is replaced and the statement is run again."""

import queue
import re
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from urllib.parse import unquote, urlsplit

import pg8000.native

from problems import Problem

POOL_SIZE = 10
RETRY_SECONDS = 0.8
# The database is going down or coming up, or has no place left: worth another try.
PASSING = re.compile(r"57P0[123]|08...|53300")

SCHEMA = """
CREATE TABLE IF NOT EXISTS payments (
    id          text PRIMARY KEY,
    key         text NOT NULL UNIQUE,
    fingerprint text NOT NULL,
    amount      integer NOT NULL,
    currency    text NOT NULL,
    reference   text NOT NULL,
    status      text NOT NULL CHECK (status IN ('pending', 'captured', 'declined')),
    created_at  timestamptz NOT NULL DEFAULT now(),
    owner       text NOT NULL,
    lease_until timestamptz NOT NULL,
    claims      integer NOT NULL DEFAULT 1
)
"""
INDEX = "CREATE INDEX IF NOT EXISTS payments_newest ON payments (created_at, id)"

FIELDS = "id, amount, currency, reference, status, created_at, fingerprint, claims"

# One statement decides who makes the payment: the first to come, or the next one after the
# lease of an owner that died. Should it run out under an owner that is only slow, no harm is
# done: both tell the gateway the same key.
CLAIM = f"""
INSERT INTO payments (id, key, fingerprint, amount, currency, reference, status, owner, lease_until)
VALUES (:id, :key, :fingerprint, :amount, :currency, :reference, 'pending', :owner,
        now() + interval '2 seconds')
ON CONFLICT (key) DO UPDATE
SET owner = excluded.owner, lease_until = excluded.lease_until, claims = payments.claims + 1
WHERE payments.status = 'pending' AND payments.fingerprint = excluded.fingerprint
  AND (payments.lease_until <= now() OR payments.owner = excluded.owner)
RETURNING {FIELDS}
"""
RELEASE = "UPDATE payments SET lease_until = now() WHERE key = :key AND owner = :owner"
SETTLE = "UPDATE payments SET status = :status WHERE key = :key AND status = 'pending'"
BY_KEY = f"SELECT {FIELDS} FROM payments WHERE key = :key"
BY_ID = f"SELECT {FIELDS} FROM payments WHERE id = :id"
FIRST_PAGE = f"SELECT {FIELDS} FROM payments ORDER BY created_at DESC, id DESC LIMIT :limit"
NEXT_PAGE = f"""
SELECT {FIELDS} FROM payments
WHERE (created_at, id) < (:created_at, :id)
ORDER BY created_at DESC, id DESC LIMIT :limit
"""


class StoreDown(Problem):
    def __init__(self):
        super().__init__(503, "database", "The database cannot be reached. Try again.", {"Retry-After": "1"})


@dataclass
class Payment:
    id: str
    amount: int
    currency: str
    reference: str
    status: str
    created_at: datetime
    fingerprint: str
    claims: int

    def document(self):
        return {
            "id": self.id,
            "amount": self.amount,
            "currency": self.currency,
            "reference": self.reference,
            "status": self.status,
            "created_at": self.created_at.astimezone(timezone.utc).isoformat().replace("+00:00", "Z"),
        }


class Store:
    def __init__(self, url):
        parts = urlsplit(url)
        self.address = {
            "user": unquote(parts.username or "postgres"),
            "host": parts.hostname,
            "port": parts.port or 5432,
            "database": unquote(parts.path.lstrip("/")),
            "ssl_context": False,
            "timeout": 2,
        }
        self.idle = queue.LifoQueue()
        self.places = threading.BoundedSemaphore(POOL_SIZE)

    def prepare(self):
        """Makes the tables; waits for a database that is not up yet."""
        deadline = time.monotonic() + 30
        while True:
            try:
                return self.make_tables()
            except StoreDown:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def make_tables(self):
        def work(connection):
            connection.run("BEGIN")
            # IF NOT EXISTS alone fails when two instances start at the same moment.
            connection.run("SELECT pg_advisory_xact_lock(4711)")
            connection.run(SCHEMA)
            connection.run(INDEX)
            connection.run("COMMIT")
        self.use_connection(work)

    def claim(self, id, key, order, owner):
        """The payment, if the caller is now the one to make it; else None."""
        return self.one(
            CLAIM, id=id, key=key, fingerprint=order.fingerprint(), amount=order.amount,
            currency=order.currency, reference=order.reference, owner=owner,
        )

    def release(self, key, owner):
        self.run(RELEASE, key=key, owner=owner)

    def settle(self, key, status):
        self.run(SETTLE, key=key, status=status)
        return self.by_key(key)

    def drop(self, key):
        self.run("DELETE FROM payments WHERE key = :key AND status = 'pending'", key=key)

    def by_key(self, key):
        return self.one(BY_KEY, key=key)

    def by_id(self, id):
        return self.one(BY_ID, id=id) if re.fullmatch(r"pay_[0-9a-f]{32}", id) else None

    def page(self, limit, after):
        if after is None:
            rows = self.run(FIRST_PAGE, limit=limit)
        else:
            rows = self.run(NEXT_PAGE, limit=limit, created_at=after[0], id=after[1])
        return [Payment(*row) for row in rows]

    def one(self, statement, **values):
        rows = self.run(statement, **values)
        return Payment(*rows[0]) if rows else None

    def run(self, statement, **values):
        return self.use_connection(lambda connection: connection.run(statement, **values))

    def use_connection(self, work):
        deadline = time.monotonic() + RETRY_SECONDS
        while True:
            if not self.places.acquire(timeout=1):
                raise StoreDown()
            try:
                return self.try_once(work)
            except Exception as error:
                if not passing(error):
                    raise
                self.forget_idle()
                if time.monotonic() > deadline:
                    raise StoreDown() from error
            finally:
                self.places.release()
            time.sleep(0.05)

    def try_once(self, work):
        try:
            connection = self.idle.get_nowait()
        except queue.Empty:
            connection = pg8000.native.Connection(**self.address)
        try:
            result = work(connection)
        except BaseException:
            # It may hold half an answer or an open transaction; a new one is cheap.
            quietly_close(connection)
            raise
        self.idle.put(connection)
        return result

    def forget_idle(self):
        """Where one connection broke, the others of its age are dead, too."""
        while True:
            try:
                quietly_close(self.idle.get_nowait())
            except queue.Empty:
                return


def passing(error):
    if isinstance(error, pg8000.native.DatabaseError):
        code = error.args[0].get("C", "") if error.args and isinstance(error.args[0], dict) else ""
        return PASSING.fullmatch(code) is not None
    return isinstance(error, (OSError, pg8000.native.InterfaceError))


def quietly_close(connection):
    try:
        connection.close()
    except Exception:
        pass  # It was broken, which is why it goes.
