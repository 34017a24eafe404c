"""Atomic writes of files, locks, and paths for bytes in memory."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Lock the files of a directory for other processes.

    Windows and some file systems have no such lock. There, processes that start for the first time
    at the same moment may each write a file, and the last one wins.
    """
    try:
        import fcntl  # noqa: PLC0415 - Windows has none
    except ImportError:
        yield
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def write(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write or replace a file atomically, by default readable for its owner only."""
    draft = _write_draft(path, content)
    try:
        draft.chmod(mode)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_if_changed(path: Path, content: bytes) -> None:
    """Write a world-readable file, unless it already has this content."""
    with suppress(FileNotFoundError):
        if path.read_bytes() == content:
            return
    write(path, content, mode=0o644)


@contextmanager
def as_file(content: bytes) -> Iterator[str]:
    """Yield a path to some bytes, in memory if the system supports that."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("mockidp")
        try:
            os.write(descriptor, content)
            yield f"/proc/self/fd/{descriptor}"
        finally:
            os.close(descriptor)
        return
    draft = _write_draft(Path(tempfile.gettempdir()) / "mockidp", content)
    try:
        yield str(draft)
    finally:
        draft.unlink()


def machine_time() -> float:
    """Return the machine's time in seconds since 1970, even if a test has changed Python's.

    Clients compare certificates with the machine's clock, which OpenSSL reads directly. freezegun
    and time-machine replace all functions of the module `time`, but not the time stamp of a new
    file.
    """
    with as_file(b"") as path:
        return Path(path).stat().st_mtime


def _write_draft(path: Path, content: bytes) -> Path:
    """Write a temporary file next to a path, readable for its owner only."""
    descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return Path(draft)
