"""What happens to a payment. The row is written before the card is charged, and the gateway
is told the same key on every call, so that a crash at any point leaves something to resume."""

import math
import time
import uuid

from gateway import Unsettled
from problems import Problem
from store import StoreDown

GATEWAY_SECONDS = 2.2


class Payments:
    def __init__(self, store, gateway):
        self.store = store
        self.gateway = gateway
        self.at_work = set()

    def create(self, key, order):
        deadline = time.monotonic() + GATEWAY_SECONDS
        owner = uuid.uuid4().hex
        payment = self.store.claim(f"pay_{uuid.uuid4().hex}", key, order, owner)
        if payment is None:
            return self.replay(key, order)
        self.at_work.add(key)
        try:
            # A second claim means that an owner before us may have charged and died.
            status = self.gateway.charge(payment.id, order, deadline, look_first=payment.claims > 1)
        except Unsettled as trouble:
            self.give_back(key, owner)
            raise Problem(
                503, "gateway", f"{trouble} Try again with the same key.",
                {"Retry-After": str(max(1, math.ceil(trouble.retry_after)))},
            ) from None
        finally:
            self.at_work.discard(key)
        return self.store.settle(key, status)

    def let_go(self):
        """Nobody has to wait for the lease of an instance that goes."""
        for key in list(self.at_work):
            self.store.drop(key)

    def replay(self, key, order):
        payment = self.store.by_key(key)
        if payment.fingerprint != order.fingerprint():
            raise Problem(422, "key-reused", "This key belongs to a payment with another body.")
        if payment.status == "pending":
            raise Problem(409, "at-work", "The payment is being made. Try again.", {"Retry-After": "1"})
        return payment

    def give_back(self, key, owner):
        try:
            self.store.release(key, owner)
        except StoreDown:
            pass  # The lease runs out by itself.

    def get(self, id):
        return self.store.by_id(id)

    def page(self, limit, after):
        """The payments behind `after`, newest first, and whether there are more."""
        found = self.store.page(limit + 1, after)
        return found[:limit], len(found) > limit
