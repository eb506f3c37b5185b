"""When to leave the gateway alone."""

import threading
import time

FAILURES_TO_OPEN = 5
PROBE_SECONDS = 600.0


class Refused(Exception):
    def __init__(self, seconds):
        super().__init__(f"no call for {seconds:.1f} s")
        self.seconds = seconds


class Breaker:
    """Opens after a row of failures; while it is open, one call in each period probes. Asks to
    hold (429) are kept apart: they say nothing about the gateway's health."""

    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.lock = threading.Lock()
        self.failures = 0
        self.probe_at = 0.0
        self.hold_until = 0.0

    def enter(self):
        """Before each call; raises Refused when there must be none."""
        with self.lock:
            now = self.clock()
            if now < self.hold_until:
                raise Refused(self.hold_until - now)
            if self.failures < FAILURES_TO_OPEN:
                return
            if now < self.probe_at:
                raise Refused(self.probe_at - now)
            # The next probe does not wait for this one, which may never report.
            self.probe_at = now + PROBE_SECONDS

    def succeeded(self):
        with self.lock:
            self.failures = 0

    def failed(self):
        with self.lock:
            self.failures += 1
            if self.failures == FAILURES_TO_OPEN:
                self.probe_at = self.clock() + PROBE_SECONDS

    def hold(self, seconds):
        with self.lock:
            # A little longer than asked, for the other side's clock starts later.
            self.hold_until = max(self.hold_until, self.clock() + seconds + 0.05)


class RetryBudget:
    """Retries are a share of the calls, so that they cannot multiply an overload."""

    SHARE = 0.2
    PER_SECOND = 2.0
    CAPACITY = 20.0

    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.lock = threading.Lock()
        self.tokens = self.CAPACITY
        self.seen = clock()

    def earn(self):
        with self.lock:
            self.refill(self.SHARE)

    def spend(self):
        with self.lock:
            self.refill(0.0)
            if self.tokens < 1:
                return False
            self.tokens -= 1
            return True

    def refill(self, more):
        now = self.clock()
        more += (now - self.seen) * self.PER_SECOND
        self.seen = now
        self.tokens = min(self.CAPACITY, self.tokens + more)
