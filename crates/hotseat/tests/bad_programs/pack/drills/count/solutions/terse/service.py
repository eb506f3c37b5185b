import os
import socket
from urllib.parse import urlsplit

import frame

url = urlsplit(os.environ["REDIS_URL"])


def count(path):
    redis = socket.create_connection((url.hostname, url.port))
    try:
        redis.sendall(b"*2\r\n$4\r\nINCR\r\n$6\r\nvisits\r\n")
        return redis.makefile().readline().strip()[1:]
    finally:
        redis.close()


frame.serve(count)
