"""Mixed requests to all endpoints on kept connections: complete responses, no 500, no traceback.

The requests come from a seed, so a run that fails can be repeated.
"""

import random
import re
from itertools import islice

import pytest

from helpers.mixed_requests import make_requests

pytestmark = pytest.mark.usefixtures("no_tracebacks")

ANSWER = re.compile(
    rb"HTTP/1\.1 (\d{3}) [ -~]*\r\n((?:[A-Za-z0-9-]+: [\x20-\x7e]*\r\n)*)\r\n", re.DOTALL
)
CHUNK = re.compile(rb"([0-9a-f]+)\r\n")
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def read_answers(received):
    """Return the statuses of the answers on a connection, which fill it to the last byte.

    An answer to HEAD, to a 204 and to a 304 has no body, whatever its length says.
    """
    statuses, at = [], 0
    while at < len(received):
        match = ANSWER.match(received, at)
        assert match, received[at : at + 500]
        at = match.end()
        status = int(match[1])
        if status == 100:
            continue
        headers = dict(line.lower().split(b": ", 1) for line in match[2].splitlines())
        length = 0 if status in {204, 304} else int(headers.get(b"content-length", b"0"))
        assert b"x-evil" not in headers
        assert b"a bug in mockidp" not in headers.get(b"mockidp-hint", b"")
        if received[at : at + 9] != b"HTTP/1.1 " and at < len(received):
            is_chunked = headers.get(b"transfer-encoding") == b"chunked"
            at = end_of_chunks(received, at) if is_chunked else at + length
        statuses.append(status)
    assert at == len(received)
    return statuses


def end_of_chunks(received, at):
    """Return where the chunks of a body end, the last of which is empty."""
    size = None
    while size != 0:
        match = CHUNK.match(received, at)
        assert match, received[at : at + 500]
        size = int(match[1], 16)
        at = match.end() + size
        assert received[at : at + 2] == b"\r\n"
        at += 2
    return at


@pytest.mark.parametrize("seed", range(8))
def test_mixed_requests_break_nothing(wire, no_tracebacks, seed):
    requests = make_requests(random.Random(seed), f"127.0.0.1:{wire.port}")
    for data in islice(requests, 150):
        statuses = read_answers(wire.exchange(data))
        assert not {500, 502} & set(statuses), data
        assert no_tracebacks == [], data
    assert wire.ask("GET", "/_mockidp/health")[0] == 200
