"""The directory where a mock keeps its certificate authority and its state."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

DEFAULT_NAME = ".mockidp"


def make_data_dir(path: Path) -> None:
    """Make a directory for its owner alone, with a .gitignore, since private keys go into it.

    An existing directory gets a .gitignore only if it has mockidp's usual name: another may be
    somebody's project.

    Raises:
        OSError: It cannot be made.
    """
    is_ours = path.name == DEFAULT_NAME or not path.exists()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    gitignore = path / ".gitignore"
    if is_ours and not gitignore.exists():
        with suppress(OSError):  # a directory that is complete need not be writable
            gitignore.touch(mode=0o600)
            gitignore.write_text("*\n")
