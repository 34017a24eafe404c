"""The backend that keeps its stores on a Redis or Valkey server, which several processes share.

All committed entries are also in memory. A transaction that can run again (`run`) reads this copy,
notes what it reads, and keeps its changes to itself. At its end, one script commits them, unless a
commit that this process has not seen yet changed what was read. Then the process makes the changes
that it missed, and the transaction runs again. After some attempts it runs under a lease, which
excludes all other writers. So a request needs one round trip, and two if another process has just
changed what it is about. No process waits for another one that signs.

A transaction that cannot run again (`transaction` outside of `run`) begins with the current state,
and its first change acquires the lease. A read outside of a transaction needs a round trip, too.

If a process is killed or its connection is lost, nothing of its transaction was written, and the
lease expires. While the server cannot be used, a transaction is refused, and reads outside of one
return what was last known, so that the refusal can be written. The next transaction tries again.

The alternative is a script for each method of a store. An exchange then needs 30 to 40 round trips.

Stores that are neither durable nor shared are in the memory of each process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from mockidp.errors import MockIdPError
from mockidp.server.monotonic import monotonic
from mockidp.storage.encoding import Encoding
from mockidp.storage.feed import Feed, Receiver
from mockidp.storage.memory import MemoryBackend
from mockidp.storage.redis.feed import RedisFeed
from mockidp.storage.redis.follower import Follower
from mockidp.storage.redis.replica import ReplicaStore
from mockidp.storage.redis.state import RedisState
from mockidp.storage.redis.transactions import SharedTransactions
from mockidp.storage.store import Entry, Store, StoreSpec

V = TypeVar("V")
T = TypeVar("T")


class RedisBackend(SharedTransactions):
    """The stores of one tenant on a server.

    Args:
        state: The state on the server.
        encodings: The encoding of each store by its name; other stores hold plain data.
    """

    def __init__(self, state: RedisState, encodings: Mapping[str, Encoding]) -> None:
        self._state = state
        self._follower = Follower(state, encodings)
        super().__init__(state, self._follower)
        self._transient = MemoryBackend()

    def store(self, spec: StoreSpec[V], now: Callable[[], float]) -> Store[V]:
        """Open a store. It is read by the next transaction, together with others."""
        if not spec.durable and not spec.shared:
            return self._transient.store(spec, now)
        follower = self._follower
        store = ReplicaStore(spec.name, spec, now, self, follower.encoding(spec.name).decode)
        with follower.lock:
            follower.stores[spec.name] = store
            follower.unread_stores.append(spec.name)
        return store

    def feed(self, name: str, keep: int, receiver: Receiver) -> Feed:
        """Open a feed, as `store` does."""
        feed, follower = RedisFeed(name, keep, receiver, self), self._follower
        with follower.lock:
            follower.feeds[name] = feed
            follower.unread_feeds.append(name)
        return feed

    def refuse_with(self, refusal: Callable[[MockIdPError], Exception]) -> None:
        """Set what makes the exception that is raised if the server cannot be used."""
        self._follower.refusal = refusal

    def snapshot(self) -> Mapping[str, tuple[tuple[str, Entry[Any]], ...]]:
        """Return all entries of the durable stores as they were at one moment."""
        if self.attempt is not None:
            return self._scan()
        self._follower.try_to_follow()
        with self._follower.lock, self.detached():
            return self._scan()

    def _scan(self) -> Mapping[str, tuple[tuple[str, Entry[Any]], ...]]:
        stores = self._follower.stores.items()
        return {name: store.scan(keeps=False) for name, store in stores if store.spec.durable}

    @property
    def is_empty(self) -> bool:
        """Whether there was no state on the server when it was read last."""
        return not self._follower.position.commits

    def close(self) -> None:
        """Close the connections."""
        self._state.close()

    def time_commands(self, report: Callable[[str, float], object]) -> None:
        """Report the name and the seconds of each command from now on."""
        self._state.time_commands(report)

    def current(self, read: Callable[[], T]) -> T:
        """Return what a function reads; outside of a transaction with all commits so far."""
        if self.attempt is None and not self.lease.is_mine:
            self._follower.try_to_follow()
        with self._follower.lock:
            return read()

    def notice_all(self) -> None:
        """Let the open transaction notice changes that `StoreSpec.is_unnoticed` allows."""
        if self.attempt is not None:
            self.attempt.notices_all = True

    def catch_up(self) -> None:
        """Receive all messages so far, once in each transaction."""
        attempt = self.attempt
        if attempt is None:
            self._follower.try_to_follow()
        elif not attempt.is_current:
            attempt.is_current = True
            self._follow()

    def wait_until(self, is_done: Callable[[], bool], seconds: float) -> bool:
        """Wait until something is true, but not longer than some seconds. Return whether it is.

        The transaction then continues with the current state, unless it has made changes. Others
        can write meanwhile, even if it has the lease.
        """
        attempt, end = self.attempt, monotonic() + seconds
        with self.lease.lent():
            self._follow()
            while not is_done():
                left = end - monotonic()
                if left <= 0:
                    break
                with self._follower.refusing():
                    self._state.wait(self._follower.position, left)
                self._follow()
        if attempt is not None and not attempt:
            attempt.known = self._follower.position
            attempt.reads.clear()
        return is_done()
