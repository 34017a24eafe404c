"""Which file of a tenant that is a directory a value comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mockidp.codec.mistakes import Path


@dataclass(frozen=True, slots=True)
class Origin:
    """A file, and how many steps of a path lead to what the file contains."""

    file: str
    depth: int


def locate(path: Path, source: str, origins: Mapping[Path, Origin]) -> tuple[str, Path]:
    """Return the file that a value comes from, and its path within that file.

    Args:
        path: Where the value is in the tenant as a whole.
        source: The file of everything that has no origin of its own.
        origins: The other files, by the path of what they contain.
    """
    for length in range(len(path), -1, -1):
        origin = origins.get(path[:length])
        if origin is not None:
            return origin.file, path[origin.depth :]
    return source, path
