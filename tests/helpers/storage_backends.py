"""The storage backends that the conformance suite runs on.

To add one, add a function that opens it on a directory to BACKENDS, and its name to PERSISTENT if
its stores survive a restart. If run as a module, this writes until it is killed.
"""

import sys
from pathlib import Path

from helpers.redis_server import redis_url
from mockidp.storage.memory import MemoryBackend
from mockidp.storage.sqlite import SqliteBackend
from mockidp.storage.store import StoreSpec


def open_redis(directory):
    """Open the backend under a prefix of its own. Skip the test if there is no Redis."""
    url = redis_url()
    return redis_backend(url, f"{directory}:")


def redis_backend(url, prefix, encodings=None, **options):
    """Return a backend, whose `RedisState` gets the options."""
    from mockidp.storage.redis.backend import RedisBackend
    from mockidp.storage.redis.server import connect
    from mockidp.storage.redis.state import RedisState

    return RedisBackend(RedisState(connect(url), prefix, **options), encodings or {})


BACKENDS = {
    "memory": lambda _directory: MemoryBackend(),
    "sqlite": lambda directory: SqliteBackend(directory, {}),
    "redis": open_redis,
}
PERSISTENT = ("redis", "sqlite")


class Now:
    """A clock that tests set."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


VALUES = StoreSpec(name="values", indexes={"value": lambda value: (str(value),)})
RECORDS = StoreSpec(name="records", capacity=None)
FEW = StoreSpec(name="few", capacity=3)


class Replica:
    """A backend with some stores."""

    def __init__(self, backend):
        self.backend = backend
        self.values, self.records, self.few = (
            backend.store(one, Now()) for one in (VALUES, RECORDS, FEW)
        )


def write_forever(backend):
    """Print each number that was committed to two stores in one transaction."""
    first, second = (backend.store(StoreSpec(name=name), Now()) for name in ("first", "second"))
    number = 0
    while True:
        number += 1
        with backend.transaction():
            first.put("number", number)
            for index in range(20):
                second.put(str(index), {"number": number, "padding": "x" * 2000})
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    write_forever(BACKENDS[sys.argv[1]](Path(sys.argv[2])))
