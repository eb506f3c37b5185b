"""Writes a PNG of a page anew: unfiltered rows compress best where the same letters come again and again."""

import struct
import sys
import zlib


def chunks(data):
    at = 8
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        at += 12 + size


def paeth(a, b, c):
    p = a + b - c
    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
    return a if pa <= pb and pa <= pc else b if pb <= pc else c


def unfiltered(raw, row_bytes, step):
    above = bytearray(row_bytes)
    for at in range(0, len(raw), row_bytes + 1):
        kind, row = raw[at], bytearray(raw[at + 1 : at + 1 + row_bytes])
        for i in range(row_bytes if kind else 0):
            a, c = (row[i - step], above[i - step]) if i >= step else (0, 0)
            b = above[i]
            row[i] = (row[i] + (0, a, b, (a + b) // 2, paeth(a, b, c))[kind]) & 255
        yield bytes(row)
        above = row


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


path = sys.argv[1]
with open(path, "rb") as file:
    parts = list(chunks(file.read()))
head = parts[0][1]
width, _, depth, colours = struct.unpack(">IIBB", head[:10])
step = {(8, 2): 3, (8, 6): 4}[depth, colours]
raw = zlib.decompress(b"".join(data for name, data in parts if name == b"IDAT"))
rows = b"".join(b"\0" + row for row in unfiltered(raw, width * step, step))
with open(path, "wb") as file:
    file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))
