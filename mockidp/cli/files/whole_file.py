"""Write a file that exists only when it is complete."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp

from mockidp.errors import MockIdPError

Write = Callable[[bytes], object]
_STDOUT = "-"


@contextmanager
def whole_file(path: Path) -> Iterator[Write]:
    """Yield a function that writes to a file, or to standard output if the path is `-`.

    The file replaces an older one when the block ends. If an exception ends it, nothing changes.
    Only its owner can read it. A pipe or a device is written to and not replaced.

    Raises:
        MockIdPError: It cannot be written.
    """
    if str(path) == _STDOUT:
        stream = sys.stdout.buffer
        yield _checked(stream.write, "standard output")
        with _explained("standard output"):
            stream.flush()
        return
    name = str(path.absolute())
    if path.exists() and not path.is_file():
        with _explained(name), path.open("wb") as file:
            yield _checked(file.write, name)
        return
    path = path.resolve()
    with _explained(name):
        handle, temporary = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with _explained(name), os.fdopen(handle, "wb") as file:
            yield _checked(file.write, name)
        with _explained(name):
            Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink()
        raise


def _checked(write: Write, name: str) -> Write:
    def checked(data: bytes) -> None:
        with _explained(name):
            write(data)

    return checked


@contextmanager
def _explained(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise MockIdPError(f"{name}: cannot be written: {error.strerror}") from None
