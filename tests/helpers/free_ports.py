"""Ports for the servers of a page."""

import random
import socket

import pytest


def find_free_ports(ports):
    """Map each port to a free one, below the range of ports for outgoing connections."""
    found = {}
    # pytest-randomly seeds the module's own functions, so that all workers would try the same.
    for free in random.SystemRandom().sample(range(20_000, 32_000), 1000):
        if len(found) == len(ports):
            return found
        try:
            socket.create_server(("127.0.0.1", free)).close()
        except OSError:
            continue
        found[ports[len(found)]] = free
    pytest.fail("no port is free")
