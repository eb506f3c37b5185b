"""How many words of a RenderCV source a machine reads from its PDF: recall.py SOURCE READING.

READING is what the example read_pdf prints: the text in two orders. Dates and links are left out, because a theme
writes them in its own way.
"""

import re
import sys
from collections import Counter

from ruamel.yaml import YAML

LEFT_OUT = {"start_date", "end_date", "date", "phone", "website", "url", "doi", "network", "username", "sort_entries"}


def texts(value):
    if isinstance(value, dict):
        for key, below in value.items():
            if key not in LEFT_OUT:
                yield from texts(below)
    elif isinstance(value, list):
        for below in value:
            yield from texts(below)
    elif value is not None:
        yield str(value)


def words(text):
    text = re.sub(r"\]\([^)]*\)", "]", text)  # of a link, what is seen
    return re.findall(r"\w+", text.casefold())


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        source = YAML(typ="safe").load(file)["cv"]
    there = Counter(word for text in texts(source) for word in words(text))
    with open(sys.argv[2], encoding="utf-8") as file:
        _, content, layout = re.split(r"^== (?:content order|layout order)$", file.read(), flags=re.M)
    layout = layout.split("\n== links")[0]
    read = [sum((there & Counter(words(text))).values()) for text in (content, layout)]
    print(" / ".join(f"{number} of {there.total()}" for number in read))


main()
