import threading

import frame

crowd = threading.Barrier(3)


def answer(path):
    if path == "/together":
        try:
            crowd.wait(timeout=3)
        except threading.BrokenBarrierError:
            return "alone"
        return "together"
    return "hello"


frame.serve(answer)
