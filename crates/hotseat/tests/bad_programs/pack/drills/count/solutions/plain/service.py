import os
import socket
from urllib.parse import urlsplit

import frame

url = urlsplit(os.environ["REDIS_URL"])


def count(path):
    with socket.create_connection((url.hostname, url.port)) as redis:
        redis.sendall(b"*2\r\n$4\r\nINCR\r\n$6\r\nvisits\r\n")
        return redis.recv(100).decode().strip().lstrip(":")


frame.serve(count)
