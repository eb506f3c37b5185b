"""The routes: which method on which path calls what, and what a request must look like."""

import re
from urllib.parse import parse_qs

from problems import Answer, Problem
from validation import read_cursor, read_key, read_limit, read_order, write_cursor

PAYMENT_PATH = re.compile(r"/v1/payments/([^/]*)")


class Api:
    def __init__(self, payments):
        self.payments = payments

    def answer(self, method, target, headers, body):
        path, _, query = target.partition("?")
        handlers = self.handlers(path, query, headers, body)
        if handlers is None:
            raise Problem(404, "not-found", "There is nothing at this path.")
        handler = handlers.get("GET" if method == "HEAD" else method)
        if handler is None:
            allowed = sorted([*handlers, "HEAD"] if "GET" in handlers else handlers)
            raise Problem(405, "method", f"{method} is not for this path.", {"Allow": ", ".join(allowed)})
        return handler()

    def handlers(self, path, query, headers, body):
        if path == "/healthz":
            return {"GET": lambda: Answer(200, {"status": "ok"})}
        if path == "/v1/payments":
            return {"GET": lambda: self.list(query), "POST": lambda: self.create(headers, body)}
        one = PAYMENT_PATH.fullmatch(path)
        if one and one[1]:
            return {"GET": lambda: self.get(one[1])}
        return None

    def create(self, headers, body):
        media_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if media_type != "application/json":
            raise Problem(415, "media-type", "The body must be application/json.")
        try:
            order = read_order(body)
        except Problem as problem:
            return Answer(200, {"error": problem.detail})
        key = read_key(headers.get("Idempotency-Key"))
        payment = self.payments.create(key, order)
        if payment.status == "declined":
            raise Problem(402, "declined", "The card was declined.", payment=payment.id)
        return Answer(201, payment.document(), {"Location": f"/v1/payments/{payment.id}"})

    def get(self, id):
        payment = self.payments.get(id)
        if payment is None:
            raise Problem(404, "not-found", "There is no such payment.")
        return Answer(200, payment.document())

    def list(self, query):
        values = parse_qs(query, keep_blank_values=True)
        limit = read_limit(values.get("limit"))
        after = read_cursor(values.get("cursor"))
        page, more = self.payments.page(limit, after)
        return Answer(200, {
            "data": [payment.document() for payment in page],
            "next": write_cursor(page[-1]) if more else None,
        })
