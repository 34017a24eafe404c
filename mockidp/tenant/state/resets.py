"""The resets of a tenant, which end what belongs to the time before them."""

from __future__ import annotations

from collections.abc import Callable

from mockidp.storage.feed import Feed, OpenFeed


class Resets:
    """Counts the resets. If mocks share the tenant, each of them follows the resets of all.

    Attributes:
        count: Differs for requests from before and after a reset.

    Args:
        end: Ends what belongs to the time before a reset, in this process.
        after_commit: Runs an action once the changes so far are committed.
    """

    def __init__(
        self,
        end: Callable[[], object],
        after_commit: Callable[[Callable[[], object]], object],
    ) -> None:
        self.count = 0
        self._end, self._after_commit = end, after_commit
        self._feed: Feed | None = None

    def share(self, open_feed: OpenFeed) -> None:
        """Follow the resets of other mocks, through a feed for which this is the receiver."""
        self._feed = open_feed("resets", 0, self)

    def reset(self, clear: Callable[[], object]) -> None:
        """Reset with the commit of the open transaction. `clear` deletes what happened before."""
        if self._feed is not None:
            self._feed.send("")
            clear()
            return

        def reset() -> None:
            self.receive("")  # first, because canceling a fault releases the exchanges it delays
            clear()

        self._after_commit(reset)

    def begin(self, count: int) -> None:
        """Follow several resets at once, or a server that has lost its data."""
        if count != self.count:
            self.count = count
            self._end()

    def receive(self, _message: str) -> None:
        """Follow a reset."""
        self.count += 1
        self._end()
