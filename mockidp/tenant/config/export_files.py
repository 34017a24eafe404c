"""The files of a directory. Links that leave it, pipes and cycles are refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from mockidp.codec.decode import MAX_BYTES, decode
from mockidp.codec.mistakes import Mistake

MAX_FILES = 10_000
_DATA = (".json", ".yaml", ".yml")


@dataclass(slots=True)
class ExportFiles:
    """The files of a directory. Every file that cannot be read is reported as a mistake.

    Names are relative to the directory, with slashes. Each file is read once.
    """

    directory: str
    mistakes: list[Mistake] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    """The files that were read, successfully or not."""
    _folders: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _bytes_left: int = field(default_factory=lambda: MAX_BYTES)

    def path_of(self, name: str) -> str:
        """Return the path by which mistakes name a file."""
        return str(Path(self.directory, name))

    def is_file(self, name: str) -> bool:
        """Return whether a file with that name exists."""
        return Path(self.directory, name).is_file()

    def find(self, pattern: str) -> Iterator[str]:
        """Yield the files that match a pattern such as `clients/*.json`, sorted by name."""
        yield from self._find("", pattern.split("/"))

    def _find(self, folder: str, pattern: list[str]) -> Iterator[str]:
        head, *rest = pattern
        for entry in self.entries(folder):
            name = f"{folder}/{entry}" if folder else entry
            if not fnmatchcase(entry, head):
                continue
            if not rest:
                yield name
            elif Path(self.path_of(name)).is_dir():
                yield from self._find(name, rest)
            elif "*" not in head and name not in self.seen:
                self.seen.add(name)
                self.refuse(name, "a file", expected="a folder")

    def entries(self, folder: str) -> tuple[str, ...]:
        """Return the names in a folder, sorted and without hidden ones."""
        if folder not in self._folders:
            self._folders[folder] = ()
            try:
                names = [one.name for one in self._resolve(folder).iterdir()]
            except (OSError, ValueError) as error:
                self._refuse_for(folder, error)
            else:
                self._folders[folder] = tuple(sorted(n for n in names if not n.startswith(".")))
        return self._folders[folder]

    def read(self, name: str) -> str | None:
        """Return a file's text. If it cannot be read, add a mistake and return None."""
        self.seen.add(name)
        try:
            return self._read(self._resolve(name))
        except (OSError, ValueError) as error:
            self._refuse_for(name, error)
        return None

    def unseen(self) -> Iterator[str]:
        """Yield the data files that were found but not read, and unknown folders."""
        for folder, entries in self._folders.items():
            for entry in entries:
                name = f"{folder}/{entry}" if folder else entry
                is_data = entry.endswith(_DATA if not folder else ".json")
                is_folder = not folder and Path(self.path_of(name)).is_dir()
                if name not in self.seen and name not in self._folders and (is_data or is_folder):
                    yield name

    def refuse(self, name: str, found: str, *, expected: str) -> None:
        """Add a mistake about a file or folder as a whole."""
        self.mistakes.append(Mistake(file=self.path_of(name), found=found, expected=expected))

    def _read(self, path: Path) -> str:
        if not path.is_file():
            raise ValueError("something other than a regular file")
        if len(self.seen) > MAX_FILES:
            raise ValueError(f"more than {MAX_FILES} files")
        with path.open("rb") as file:
            content = file.read(self._bytes_left + 1)
        if len(content) > self._bytes_left:
            raise ValueError(f"more than {MAX_BYTES} bytes in all files")
        self._bytes_left -= len(content)
        return decode(content)

    def _resolve(self, name: str) -> Path:
        """Resolve the links in a path, which must not leave the directory."""
        root = Path(os.path.realpath(self.directory))
        path = Path(os.path.realpath(root / name, strict=True))
        if not path.is_relative_to(root):
            raise ValueError("a link that leaves the directory")
        return path

    def _refuse_for(self, name: str, error: Exception) -> None:
        found = str(error)
        if isinstance(error, OSError):
            found = f"an entry that cannot be read ({error.strerror})"
        self.refuse(name, found, expected="a file or folder of a Deploy CLI export")
