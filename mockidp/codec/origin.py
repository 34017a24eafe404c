"""Find the file that a value comes from, in a tenant that is a directory."""

from __future__ import annotations

from collections.abc import Mapping

from mockidp.codec.mistakes import Path
from mockidp.frozen import frozen


@frozen(kw_only=False)
class Origin:
    """A file, and the number of path steps that lead to its content."""

    file: str
    depth: int


def locate(path: Path, source: str, origins: Mapping[Path, Origin]) -> tuple[str, Path]:
    """Return the file that a value comes from, and its path within that file.

    Args:
        path: The place of the value in the tenant as a whole.
        source: The file of everything without an origin of its own.
        origins: The other files, by the path of their content.
    """
    for length in range(len(path), -1, -1):
        origin = origins.get(path[:length])
        if origin is not None:
            return origin.file, path[origin.depth :]
    return source, path
