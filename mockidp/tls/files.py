"""Files that appear whole or not at all, and a path for bytes that need one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Let one process at a time work on the files of a directory.

    Windows has no such lock, and neither has every file system: there, processes that start for the
    first time at the same moment may each make a file, of which the last one stays.
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
    """Write a file, or replace it, readable for its owner alone from the start."""
    draft = _write_draft(path, content)
    try:
        draft.chmod(mode)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_if_changed(path: Path, content: bytes) -> None:
    """Make a file that everybody may read have a content."""
    with suppress(FileNotFoundError):
        if path.read_bytes() == content:
            return
    write(path, content, mode=0o644)


@contextmanager
def as_file(content: bytes) -> Iterator[str]:
    """Give bytes a path, without a disk where the system can."""
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
    """Return the machine's time in seconds since 1970, even where a test has changed Python's.

    Clients compare certificates with the machine's clock, which OpenSSL reads directly. freezegun
    and time-machine replace all functions of the module `time`, but a new file still has the
    machine's time.
    """
    with as_file(b"") as path:
        return Path(path).stat().st_mtime


def _write_draft(path: Path, content: bytes) -> Path:
    """Write a file next to another, readable for its owner alone."""
    descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return Path(draft)
