"""What happens to a payment. The row is written before the card is charged, and the gateway
is told the same key on every call, so that a crash at any point leaves something to resume."""

import math
import time
import uuid

from gateway import Unsettled
from problems import Problem

GATEWAY_SECONDS = 2.2


class Payments:
    def __init__(self, store, gateway):
        self.store = store
        self.gateway = gateway

    def create(self, key, order):
        deadline = time.monotonic() + GATEWAY_SECONDS
        owner = uuid.uuid4().hex
        try:
            with self.store.transaction() as store:
                payment = store.claim(f"pay_{uuid.uuid4().hex}", key, order, owner)
                if payment is not None:
                    status = self.gateway.charge(payment.id, order, deadline, look_first=False)
                    return store.settle(key, status)
            return self.replay(key, order)
        except Unsettled as trouble:
            raise Problem(
                503, "gateway", f"{trouble} Try again with the same key.",
                {"Retry-After": str(max(1, math.ceil(trouble.retry_after)))},
            ) from None

    def replay(self, key, order):
        payment = self.store.by_key(key)
        if payment.fingerprint != order.fingerprint():
            raise Problem(422, "key-reused", "This key belongs to a payment with another body.")
        if payment.status == "pending":
            raise Problem(409, "at-work", "The payment is being made. Try again.", {"Retry-After": "1"})
        return payment

    def get(self, id):
        return self.store.by_id(id)

    def page(self, limit, after):
        """The payments behind `after`, newest first, and whether there are more."""
        found = self.store.page(limit + 1, after)
        return found[:limit], len(found) > limit
