"""The directory where a mock keeps its CA and its state."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

DEFAULT_NAME = ".mockidp"


def make_data_dir(path: Path) -> None:
    """Create a directory for private keys: with access for its owner only, and a .gitignore.

    An existing directory gets a .gitignore only if it has the default name: it may be a project.

    Raises:
        OSError: The directory cannot be created.
    """
    is_ours = path.name == DEFAULT_NAME or not path.exists()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    gitignore = path / ".gitignore"
    if is_ours and not gitignore.exists():
        with suppress(OSError):  # the directory may be read-only
            gitignore.touch(mode=0o600)
            gitignore.write_text("*\n")
