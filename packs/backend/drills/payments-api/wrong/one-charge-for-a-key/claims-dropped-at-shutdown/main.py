"""Starts the payments service and stops it in an orderly way on SIGTERM."""

import os
import signal
import threading

from api import Api
from gateway import Gateway
from payments import Payments
from store import Store
from web import Server


def main():
    store = Store(os.environ["DATABASE_URL"])
    store.prepare()
    payments = Payments(store, Gateway(os.environ["GATEWAY_URL"]))
    server = Server(int(os.environ["PORT"]), Api(payments))

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=server.serve_forever, args=[0.1], daemon=True).start()
    stop.wait()
    payments.let_go()
    server.shutdown()
    server.server_close()
    server.finish(seconds=3.5)


if __name__ == "__main__":
    main()
