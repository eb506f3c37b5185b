"""Charges cards at the gateway: bounded in time, in calls, and in calls at once."""

import http.client
import json
import random
import socket
import threading
import time
from urllib.parse import urlsplit

from breaker import Breaker, Refused, RetryBudget

CALLS_MAX = 3
CALL_SECONDS = 1.2
# Few enough that an outage meets few calls before the breaker opens; a call takes milliseconds
# in calm weather, so that those who wait for a place get one.
PLACES = 16
PLACE_SECONDS = 1.0
FIRST_PAUSE_SECONDS = 0.1


class Unsettled(Exception):
    """The card may or may not have been charged; the same key will settle it."""

    def __init__(self, why, retry_after=1.0):
        super().__init__(why)
        self.retry_after = retry_after


class Failed(Exception):
    """One call failed in a way that another call may mend."""


class Gateway:
    def __init__(self, url):
        parts = urlsplit(url)
        self.host, self.port = parts.hostname, parts.port or 80
        self.places = threading.BoundedSemaphore(PLACES)
        self.breaker = Breaker()
        self.budget = RetryBudget()

    def charge(self, key, order, deadline, look_first):
        """"captured" or "declined"; raises Unsettled by the deadline."""
        if not self.places.acquire(timeout=PLACE_SECONDS):
            raise Unsettled("Too many payments are waiting for the gateway.")
        try:
            return self.settle(key, order, deadline, look_first)
        except Refused as refused:
            raise Unsettled("The gateway gets no calls at the moment.", refused.seconds) from None
        finally:
            self.places.release()

    def settle(self, key, order, deadline, look_first):
        failures = 0
        for call in range(CALLS_MAX):
            if failures:
                self.pause(failures, deadline)
            try:
                if call == 0 and look_first:
                    status = self.call("GET", f"/charges/{key}", key, None, deadline)
                else:
                    status = self.call("POST", "/charges", key, order, deadline)
            except Failed:
                failures += 1
                continue
            if status == 200:
                return "captured"
            if status == 402:
                return "declined"
            if status != 404:
                raise Unsettled(f"The gateway answered {status}.")
        raise Unsettled("The gateway does not answer as it should.")

    def look(self, key, deadline):
        """What became of a charge; None if there is none."""
        try:
            status = self.call("GET", f"/charges/{key}", key, None, deadline)
        except (Failed, Refused) as trouble:
            raise Unsettled("The gateway does not say what became of the payment.") from trouble
        return {200: "captured", 402: "declined"}.get(status)

    def pause(self, failures, deadline):
        seconds = FIRST_PAUSE_SECONDS * 3 ** (failures - 1) * random.uniform(1.0, 1.5)
        if time.monotonic() + seconds + 0.1 > deadline or not self.budget.spend():
            raise Unsettled("The gateway does not answer as it should.")
        time.sleep(seconds)

    def call(self, method, path, key, order, deadline):
        """The status of an answer that settles something; raises Failed, Refused or Unsettled."""
        self.breaker.enter()
        self.budget.earn()
        try:
            seconds = max(0.05, min(CALL_SECONDS, deadline - time.monotonic()))
            status, retry_after, answer = self.exchange(method, path, key, order, seconds)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.breaker.failed()
            raise Failed(str(error)) from error
        if status == 429:
            self.breaker.hold(retry_after)
            raise Unsettled("The gateway asks for a pause.", retry_after)
        if status >= 500 or (status == 200 and answer.get("status") != "captured"):
            self.breaker.failed()
            raise Failed(f"the gateway answered {status}")
        self.breaker.succeeded()
        return status

    def exchange(self, method, path, key, order, seconds):
        body = None
        headers = {"Idempotency-Key": key, "Accept": "application/json"}
        if order is not None:
            body = json.dumps({
                "amount": order.amount, "currency": order.currency,
                "card": order.card, "reference": order.reference,
            })
            headers["Content-Type"] = "application/json"
        # A new connection each time: one kept alive may be dead, which looks like a lost answer.
        connection = http.client.HTTPConnection(self.host, self.port, timeout=seconds)
        # The timeout above starts again with every byte; this one ends the call.
        watchdog = threading.Timer(seconds, cut, [connection])
        watchdog.daemon = True
        watchdog.start()
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            content = response.read(65536)
            answer = json.loads(content) if response.status == 200 else {}
            if not isinstance(answer, dict):
                raise ValueError("the gateway's answer is no object")
            return response.status, read_seconds(response.getheader("Retry-After")), answer
        finally:
            watchdog.cancel()
            connection.close()


def cut(connection):
    try:
        connection.sock.shutdown(socket.SHUT_RDWR)
    except (OSError, AttributeError):
        pass  # The call ended at this very moment.


def read_seconds(value):
    return float(value) if value is not None and value.strip().isdigit() else 1.0
