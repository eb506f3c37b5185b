from threading import Semaphore

from frame import serve

came = []
met = Semaphore(0)


def answer(path):
    if path == "/hello":
        return "hello"
    came.append(path)
    if len(came) == 3:
        met.release(3)
    return "together" if met.acquire(timeout=3) else "alone"


serve(answer)
