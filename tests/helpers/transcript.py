"""Replay the HTTP requests of a page, and compare the answers.

A block of `http` is a request and then the answer, which begins with `HTTP/1.1`. White space in a
body is ignored. `...` matches anything, and `{{name}}` the value that an earlier answer had there.
"""

import re
from dataclasses import dataclass
from http.client import HTTPConnection

_BLOCK = re.compile(r"^```http\n(.*?)^```", re.DOTALL | re.MULTILINE)
_SPECIAL = re.compile(r"(\.\.\.|\{\{\w+\}\})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A request or an answer."""

    start: str
    headers: dict[str, str]
    body: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A request and the expected answer."""

    request: Message
    answer: Message


def read_transcript(text):
    """Return the steps of a Markdown page, in order."""
    steps = []
    for block in _BLOCK.findall(text):
        request, answer = re.split(r"^(?=HTTP/1\.1 )", block, flags=re.MULTILINE)
        steps.append(Step(request=_read(request), answer=_read(answer)))
    return steps


def _read(text):
    head, _, body = text.strip().partition("\n\n")
    start, *lines = head.splitlines()
    headers = dict(line.split(": ", 1) for line in lines)
    return Message(start=start, headers=headers, body=body)


def replay(step, connection, held):
    """Send the request. Return the differences of the answer. Store named values in `held`."""
    method, target, _ = _fill(step.request.start, held).split(" ")
    body = _fill(step.request.body, held)
    headers = {"Host": "localhost:9400", **step.request.headers}
    connection.request(method, target, body.encode() or None, headers)
    received = connection.getresponse()
    pairs = [
        ("status", step.answer.start.split()[1], str(received.status)),
        *((name, text, received.headers[name]) for name, text in step.answer.headers.items()),
    ]
    body = received.read().decode()
    if step.answer.body or "Location" not in received.headers:
        pairs.append(("body", step.answer.body, body))
    return [
        f"{name}: {actual}" for name, shown, actual in pairs if not _matches(shown, actual, held)
    ]


def _fill(text, held):
    return re.sub(r"\{\{(\w+)\}\}", lambda match: held[match[1]], text)


def _matches(shown, actual, held):
    """Return whether a text matches, and store the values of names."""
    patterns, names = [], []
    for piece in _SPECIAL.split(shown):
        if piece == "...":
            patterns.append(".*?")
        elif _SPECIAL.fullmatch(piece):
            names.append(piece[2:-2])
            patterns.append("(.+?)")
        else:
            patterns += map(re.escape, "".join(piece.split()))
    found = re.fullmatch(r"\s*".join(patterns), (actual or "").strip(), re.DOTALL)
    if found:
        held.update(zip(names, found.groups(), strict=True))
    return found is not None


def connect(url):
    """Return a connection to a server."""
    host, _, port = url.removeprefix("http://").partition(":")
    return HTTPConnection(host, int(port), timeout=10)
