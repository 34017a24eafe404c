"""What a replica reads from the server to follow the commits of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mockidp.frozen import frozen
from mockidp.storage.redis.pages import Page
from mockidp.storage.redis.written import Changes, parse_changes


@frozen
class Position:
    """Up to which commit a replica knows the state.

    Attributes:
        epoch: Differs after the server was restarted or has lost its data.
        commits: The number of commits.
    """

    epoch: str = ""
    commits: int = 0


@frozen
class News:
    """What a replica does not know yet.

    Attributes:
        position: The position after it.
        missed: The commits up to that position as text; None if it has to read everything.
    """

    position: Position
    missed: Sequence[str] | None

    def after(self, known: Position) -> Iterable[tuple[int, Changes]]:
        """Return the commits after a position, with their numbers."""
        missed = self.missed or ()
        first = self.position.commits - len(missed) + 1
        for number, text in enumerate(missed, first):
            if number > known.commits:
                yield number, parse_changes(text)


@frozen
class Messages:
    """The last messages of a feed.

    Attributes:
        kept: The messages.
        count: Their number, including those that are no longer kept.
    """

    kept: Sequence[str]
    count: int


@frozen
class Found:
    """What a replica reads at once.

    Attributes:
        news: What happened since the position of the replica.
        pages: The next page of each store, after that; None for one that has to be scanned.
        feeds: The messages of each feed.
    """

    news: News
    pages: Mapping[str, Page | None]
    feeds: Mapping[str, Messages]
