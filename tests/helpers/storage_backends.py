"""The storage backends that the conformance suite runs on.

To add one, add a function that opens it on a directory to BACKENDS, and its name to PERSISTENT if
its stores survive a restart. If run as a module, this writes until it is killed.
"""

import sys
from pathlib import Path

from mockidp.storage.memory import MemoryBackend
from mockidp.storage.sqlite import SqliteBackend
from mockidp.storage.store import StoreSpec

BACKENDS = {
    "memory": lambda _directory: MemoryBackend(),
    "sqlite": lambda directory: SqliteBackend(directory, {}),
}
PERSISTENT = ("sqlite",)


class Now:
    """A clock that tests set."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


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
