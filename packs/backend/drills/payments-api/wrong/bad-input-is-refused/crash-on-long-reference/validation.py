"""Turns what a client sent into values that can be trusted, or says what is wrong with it."""

import base64
import binascii
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from problems import Problem

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MEMBERS = ("amount", "currency", "card", "reference")


@dataclass(frozen=True)
class Order:
    amount: int
    currency: str
    card: str
    reference: str

    def fingerprint(self):
        """Equal for equal orders, however their JSON was written; does not give the card away."""
        text = json.dumps([self.amount, self.currency, self.card, self.reference])
        return hashlib.sha256(text.encode()).hexdigest()


def read_order(body):
    try:
        value = json.loads(body.decode(), parse_int=read_int, parse_constant=refuse_constant)
    except (ValueError, RecursionError):
        raise Problem(400, "no-json", "The body is no JSON.") from None
    if not isinstance(value, dict):
        raise invalid("The body must be an object.")
    for name in MEMBERS:
        if name not in value:
            raise invalid(f"{name} is missing.")
    for name in value:
        if name not in MEMBERS:
            raise invalid("There is a member that nobody knows.")
    # bool is an int to Python, so isinstance would let true through.
    if type(value["amount"]) is not int or not 1 <= value["amount"] <= 1_000_000:
        raise invalid("amount must be an integer from 1 to 1000000.")
    if value["currency"] not in ("EUR", "GBP", "USD"):
        raise invalid("currency must be EUR, GBP or USD.")
    if not is_text(value["card"]) or not re.fullmatch(r"card_[a-z0-9]{4,32}", value["card"]):
        raise invalid("card must look like card_ and 4 to 32 small letters or digits.")
    if not is_text(value["reference"]) or not value["reference"]:
        raise invalid("reference must be text of 1 to 64 characters, none of them NUL.")
    return Order(**value)


def read_int(digits):
    # Python refuses to convert thousands of digits, with an error that looks like broken JSON.
    return int(digits) if len(digits) < 20 else float("inf")


def refuse_constant(name):
    raise ValueError(f"{name} is no JSON")


def is_text(value):
    """PostgreSQL stores neither NUL nor half a surrogate pair."""
    return isinstance(value, str) and not re.search("[\0\ud800-\udfff]", value)


def read_key(value):
    if value is None or not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", value):
        raise Problem(400, "key", "Idempotency-Key must be 1 to 64 letters, digits, _ or -.")
    return value


def read_limit(values):
    if values is None:
        return 20
    if len(values) > 1 or not re.fullmatch(r"[1-9][0-9]?|100", values[0]):
        raise Problem(400, "limit", "limit must be a number from 1 to 100.")
    return int(values[0])


def write_cursor(payment):
    """Points behind a payment: its time to the microsecond, and its id for those of equal time."""
    micros = (payment.created_at - EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(f"{micros}.{payment.id}".encode()).decode().rstrip("=")


def read_cursor(values):
    if values is None:
        return None
    try:
        text = base64.urlsafe_b64decode(values[0] + "=" * (-len(values[0]) % 4)).decode("ascii")
        parts = re.fullmatch(r"([0-9]{1,17})\.(pay_[0-9a-f]{32})", text)
        return EPOCH + timedelta(microseconds=int(parts[1])), parts[2]
    except (binascii.Error, ValueError, TypeError, OverflowError):
        raise Problem(400, "cursor", "cursor must be one that a page gave as next.") from None


def invalid(detail):
    return Problem(422, "invalid", detail)
