"""A large body has more time than a small one, and a slow one is refused whatever its size."""

import socket
from contextlib import closing

import pytest

from mockidp.server import stream
from mockidp.server.errors import BadRequest
from mockidp.server.stream import ByteStream


@pytest.fixture
def now(monkeypatch):
    """The seconds that have passed."""
    now = [0.0]
    monkeypatch.setattr(stream, "monotonic", lambda: now[0])
    monkeypatch.setattr(stream, "_PER_SECOND", 100)
    return now


@pytest.fixture
def sockets():
    client, server = socket.socketpair()
    with closing(client), closing(server):
        yield client, server


def test_what_has_arrived_extends_the_time_for_the_rest(now, sockets):
    client, server = sockets
    received = ByteStream(server, idle=60, request=10)
    for at in (0, 15, 19):
        now[0] = at
        client.sendall(b"x" * (1000 if not at else 1))
        assert received.take_some(2000)
    now[0] = 30
    client.sendall(b"x")
    with pytest.raises(BadRequest, match="408"):
        received.take_some(1)
