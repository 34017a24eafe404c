"""Stores of every backend."""

from contextlib import ExitStack, closing

import pytest

from helpers.redis_server import redis_url
from helpers.storage_backends import BACKENDS, PERSISTENT, Now, Replica, open_redis
from mockidp.storage.store import StoreSpec


@pytest.fixture
def now():
    return Now()


@pytest.fixture(params=BACKENDS)
def backend(request, tmp_path):
    backend = BACKENDS[request.param](tmp_path)
    yield backend
    backend.close()


@pytest.fixture
def open_store(backend, now):
    def open_store(name="values", **spec):
        return backend.store(StoreSpec(name=name, **spec), now)

    return open_store


@pytest.fixture
def store(open_store):
    return open_store()


@pytest.fixture(params=PERSISTENT)
def persistent(request):
    """The name of a backend that keeps its stores across restarts."""
    if request.param == "redis":
        redis_url()  # or a process of the test would start a server of its own
    return request.param


@pytest.fixture
def open_replica(tmp_path):
    """A function that opens one more backend on the state in Redis that belongs to this test."""
    with ExitStack() as stack:
        yield lambda: Replica(stack.enter_context(closing(open_redis(tmp_path))))


@pytest.fixture
def replicas(open_replica):
    return open_replica(), open_replica()


@pytest.fixture
def client(tmp_path):
    """A plain client for the server, which knows nothing of mockidp."""
    url = redis_url()
    import redis

    with redis.Redis.from_url(url, decode_responses=True) as client:
        yield client
