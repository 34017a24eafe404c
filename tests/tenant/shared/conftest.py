"""Mocks that share a tenant on a Redis server of their own."""

from contextlib import ExitStack, closing

import pytest

from helpers.persisted_tenant import ACME
from helpers.redis_server import RedisServer
from helpers.shared_mocks import Mock


@pytest.fixture
def server():
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture
def start(server):
    from mockidp.tenant.shared.tenant import shared_tenant

    with ExitStack() as stack:

        def start(document=ACME, *, url=server.url, **options):
            tenant = shared_tenant(url, document, **options)
            stack.enter_context(closing(tenant.backend))
            return tenant

        yield start


@pytest.fixture
def mocks(start):
    return Mock(start()), Mock(start())


@pytest.fixture
def keys(server):
    """A function that returns the names of all keys on the server."""
    import redis

    with redis.Redis.from_url(server.url, decode_responses=True) as client:
        yield lambda: set(client.keys())
