"""Connections to Redis that end, and how long commands take."""

from contextlib import closing

import pytest

from helpers.large_stores import entries
from helpers.redis_server import RedisServer
from helpers.storage_backends import Replica, redis_backend
from mockidp.errors import MockIdPError
from mockidp.storage.redis.scripts import IN_SCRIPT
from mockidp.storage.redis.server import TIMEOUT


@pytest.fixture
def server():
    server = RedisServer()
    yield server
    server.stop()


def connections(server):
    """Return how many connections the server has apart from that of the test."""
    import redis

    with redis.Redis.from_url(server.url) as client:
        return len(client.client_list()) - 1


def test_after_close_no_connection_is_left(server):
    from mockidp.tenant.shared.tenant import shared_tenant

    tenant = shared_tenant(server.url)
    tenant.metrics.add("requests", "token", "200")
    tenant.metrics.publish()
    assert connections(server) > 0
    tenant.backend.close()
    assert connections(server) == 0


def test_a_tenant_that_cannot_start_leaves_no_connection(server):
    from mockidp.tenant.shared.tenant import shared_tenant

    with closing(shared_tenant(server.url).backend):
        before = connections(server)
        with pytest.raises(MockIdPError, match="another seed"):
            shared_tenant(server.url, seed=7)
        assert connections(server) == before


def test_the_time_of_each_round_trip_is_reported(server):
    with closing(redis_backend(server.url, "mockidp:")) as backend:
        Replica(backend).records.restore(entries(IN_SCRIPT + 1))
    reported = []
    with closing(redis_backend(server.url, "mockidp:")) as backend:
        backend.time_commands(lambda command, seconds: reported.append((command, seconds)))
        assert Replica(backend).records.count() == IN_SCRIPT + 1
    assert [command for command, _ in reported] == ["evalsha", "pipeline"]
    assert all(0 < seconds < TIMEOUT for _, seconds in reported)
