"""Stores that are read page by page while other processes commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mockidp.frozen import frozen
from mockidp.storage.redis.problems import evicted
from mockidp.storage.redis.written import Stored, read_entry, version_of

START = 0
"""The cursor of the first page, and that after the last one."""


@frozen
class Page:
    """Some entries of a store.

    Attributes:
        size: How many entries the store has.
        cursor: That of the next page.
        entries: The entries with their keys.
    """

    size: int
    cursor: int
    entries: Sequence[tuple[str, Stored]]


def parse_page(name: str, found: Any, scanned: tuple[int, Mapping[str, str]] | None) -> Page | None:
    """Return a page of a store; None if it has to be scanned.

    Args:
        name: The name of the store.
        found: What the script has returned for it.
        scanned: The next cursor, and keys and values, if a page was scanned.

    Raises:
        MockIdPError: The server has evicted entries, or another version of mockidp wrote them.
    """
    size, base, pairs = found
    if size < 0:
        raise evicted(name)
    if pairs is not None:
        scanned = START, dict(zip(pairs[::2], pairs[1::2], strict=True))
    if scanned is None:
        return None
    cursor, values = scanned
    entries = [(key, _entry(value, int(base))) for key, value in values.items()]
    return Page(size=size, cursor=cursor, entries=entries)


def _entry(value: str, base: int) -> Stored:
    commit, place, text = value.split(" ", 2)
    return read_entry(text, version_of(int(commit) or base, int(place)))


class PartialStore:
    """The pages of a store that were read so far, with the commits since.

    A page has the entries as they are after the commits that came with it, so of several values of
    a key the last one is right. Entries that are evicted or replaced after their page was read are
    still here, but they are before all that the store has.

    Attributes:
        cursor: That of the next page.
    """

    def __init__(self) -> None:
        self.cursor = START
        self._entries: dict[str, Stored] = {}

    def apply(self, changed: Iterable[tuple[str, Stored | None]]) -> None:
        """Make the changes of a commit, except that it evicts and replaces nothing."""
        for key, stored in changed:
            if stored is None:
                self._entries.pop(key, None)
            else:
                self._entries[key] = stored

    def add(self, page: Page) -> bool:
        """Add a page. Return whether it is the last one."""
        self._entries.update(page.entries)
        self.cursor = page.cursor
        return self.cursor == START

    def entries(self, size: int) -> Sequence[tuple[str, Stored]]:
        """Return the entries of a store that has some number of them, in order."""
        found = sorted(self._entries.items(), key=lambda item: item[1].position)
        return found[max(0, len(found) - size) :]
