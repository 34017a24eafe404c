"""Stores of every backend."""

import pytest

from helpers.storage_backends import BACKENDS, PERSISTENT, Now
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
    return request.param
