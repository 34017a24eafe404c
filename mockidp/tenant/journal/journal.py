"""The journal: the last exchanges, with the reasons of each answer, and queries over them."""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Unpack

from mockidp.errors import MockIdPError, TimedOut
from mockidp.frozen import replace
from mockidp.storage.feed import Feed, OpenFeed
from mockidp.tenant.bounded_queue import BoundedQueue
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.tenant.journal.feed import read_exchange, write_exchange
from mockidp.tenant.journal.flow_index import FlowIndex, FlowPlace, Thing
from mockidp.tenant.journal.text import (
    Query,
    check_timeout,
    check_words,
    describe_near_misses,
    describe_query,
    differences,
    list_known,
)

CAP = 1000
MAX_BYTES = 16 * 1024 * 1024
"""The limit for all entries together."""
EntryMaker = Callable[[int], JournalEntry]


class JournalReader(ABC):
    """Queries over the last exchanges of a tenant, here or elsewhere."""

    @abstractmethod
    def __iter__(self) -> Iterator[JournalEntry]: ...

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def clear(self) -> None:
        """Delete all exchanges, and number the next one 1."""

    @abstractmethod
    def of(
        self, endpoint: str | None = None, *, after: int = 0, **query: Unpack[Query]
    ) -> list[JournalEntry]:
        """Return the exchanges of an endpoint, or of all, that match a query.

        Args:
            endpoint: The endpoint.
            after: Only exchanges after the one with this number. A number higher than the last
                is from before a reset, so all exchanges match.
            query: The conditions.

        Raises:
            MockIdPError: The endpoint, a condition or the user is unknown.
        """

    @abstractmethod
    def wait_for(
        self,
        endpoint: str | None = None,
        *,
        timeout: float = 5.0,
        times: int = 1,
        after: int = 0,
        **query: Unpack[Query],
    ) -> list[JournalEntry]:
        """Wait until enough exchanges match a query, and return them. Past exchanges count.

        Args:
            endpoint: The endpoint.
            timeout: The longest time to wait, in seconds; 0 does not wait.
            times: How many exchanges to wait for.
            after: Only exchanges after the one with this number.
            query: The conditions.

        Raises:
            TimedOut: Too few exchanges matched. The text lists those that match best.
            MockIdPError: The endpoint, a condition or the user is unknown, or the timeout is not a
                number.
        """

    @abstractmethod
    def _find_id(self, name: str) -> str | None:
        """Return the id of the user with a name."""

    @abstractmethod
    def _user_ids(self) -> Iterable[str]:
        """Return the ids of all users."""

    def last(self, endpoint: str | None = None, **query: Unpack[Query]) -> JournalEntry | None:
        """Return the last exchange that matches a query, or None.

        Raises:
            MockIdPError: The endpoint, a condition or the user is unknown.
        """
        found = self.of(endpoint, **query)
        return found[-1] if found else None

    def misses(
        self, entry: JournalEntry, endpoint: str | None, query: Mapping[str, Any]
    ) -> list[str]:
        """Return the differences between an exchange and a query; an empty list if it matches."""
        return differences(entry, self._resolve(endpoint, query))

    def find_user(self, name: str) -> str:
        """Return the id of the user with a name.

        Raises:
            MockIdPError: No user has that name, and no exchange has it as user id.
        """
        user_id = self._find_id(name)
        if user_id is not None or any(entry.user == name for entry in self):
            return user_id or name
        raise MockIdPError(f"There is no user {name!r}. {list_known(name, self._user_ids())}")

    def to_json(self) -> str:
        """Return all exchanges as JSON."""
        return json.dumps([entry.to_dict() for entry in self], indent=1)

    def _resolve(self, endpoint: str | None, query: Mapping[str, Any]) -> dict[str, Any]:
        wanted = dict(query)
        if "user" in wanted:
            wanted["user"] = self._find_id(wanted["user"]) or wanted["user"]
        return wanted if endpoint is None else {**wanted, "endpoint": endpoint}


class Journal(JournalReader):
    """The last exchanges, the oldest first.

    Args:
        user_id: Returns the id of the user with a name, or None.
        users: Returns the ids of all users, to suggest one for a misspelt name.
        cap: The maximum number of entries.
        max_bytes: The maximum size of all entries. The last one is always kept.
    """

    def __init__(
        self,
        user_id: Callable[[str], str | None],
        *,
        users: Callable[[], Iterable[str]] = tuple,
        cap: int = CAP,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._user_id = user_id
        self._users = users
        self._entries: BoundedQueue[JournalEntry] = BoundedQueue(max_items=cap, max_bytes=max_bytes)
        self._pending: deque[tuple[int, FlowPlace, EntryMaker]] = deque(maxlen=cap)
        """The latest exchanges, whose entries are created when the journal is read."""
        self._flows = FlowIndex()
        self._changed = threading.Condition()
        self._count = 0
        self._feed: Feed | None = None

    def share(self, open_feed: OpenFeed) -> None:
        """Share the exchanges with other mocks, through a feed for which this is the receiver."""
        self._feed = open_feed("journal", CAP, self)

    def __len__(self) -> int:
        return len(self._current())

    def __iter__(self) -> Iterator[JournalEntry]:
        return iter(self._current())

    @property
    def last_number(self) -> int:
        """The number of the last exchange; 0 if there was none."""
        self._catch_up()
        return self._count

    def _current(self) -> tuple[JournalEntry, ...]:
        self._catch_up()
        with self._changed:
            self._make_pending()
            return tuple(self._entries)

    def _catch_up(self) -> None:
        """Receive what other mocks have added. The caller must not hold the lock."""
        if self._feed is not None:
            self._feed.catch_up()

    def add(
        self,
        make: EntryMaker,
        *,
        at: float = 0.0,
        things: Collection[Thing] = (),
        is_small: bool = False,
    ) -> None:
        """Add an exchange.

        Args:
            make: Creates the entry for a number.
            at: When the exchange began.
            things: What it has made or used.
            is_small: Whether `make` keeps little memory, so that it can be called later.
        """
        if self._feed is None:
            self._append(make, at, things)
            if not is_small:
                with self._changed:
                    self._make_pending()
        else:
            self._feed.send(write_exchange(make(0), at, things))

    def receive(self, message: str) -> None:
        """Add an exchange of a mock that shares the tenant, or of this one."""
        self._append(*read_exchange(message))

    def _append(self, make: EntryMaker, at: float, things: Collection[Thing]) -> None:
        with self._changed:
            self._count += 1
            place = self._flows.place(self._count, at, things)
            self._pending.append((self._count, place, make))
            self._changed.notify_all()

    def _make_pending(self) -> None:
        while self._pending:
            number, place, make = self._pending.popleft()
            self._entries.append(replace(make(number), flow=place.flow, continues=place.continues))

    def clear(self) -> None:  # noqa: D102 - inherited
        if self._feed is None:
            self.begin(0)
        else:
            self._feed.clear()

    def begin(self, count: int) -> None:
        """Delete all exchanges, and number the next one after a number."""
        with self._changed:
            self._pending.clear()
            self._entries.clear()
            self._flows.clear()
            self._count = count

    def of(  # noqa: D102 - inherited
        self, endpoint: str | None = None, *, after: int = 0, **query: Unpack[Query]
    ) -> list[JournalEntry]:
        wanted = self._parse(endpoint, query)
        self._catch_up()
        with self._changed:
            self._make_pending()
            after = after if after <= self._count else 0
            return [
                one for one in self._entries if one.number > after and not differences(one, wanted)
            ]

    def wait_for(  # noqa: D102 - inherited
        self,
        endpoint: str | None = None,
        *,
        timeout: float = 5.0,
        times: int = 1,
        after: int = 0,
        **query: Unpack[Query],
    ) -> list[JournalEntry]:
        wanted = self._parse(endpoint, query)
        check_timeout(timeout)

        found: list[JournalEntry] = []

        def is_enough() -> bool:
            found[:] = self.of(endpoint, after=after, **query)
            return len(found) >= times

        if self._wait_until(is_enough, timeout):
            return found
        count = len(found)
        near = describe_near_misses(
            (entry, differences(entry, wanted)) for entry in self if entry.number > after
        )
        wanted_text = describe_query(endpoint, query) + (f" after #{after}" if after else "")
        raise TimedOut(f"Waited {timeout:g} s for {times} x {wanted_text}, found {count}. {near}")

    def _wait_until(self, is_done: Callable[[], bool], seconds: float) -> bool:
        if self._feed is not None:
            return self._feed.wait_until(is_done, seconds)
        with self._changed:
            return self._changed.wait_for(is_done, seconds)

    def _find_id(self, name: str) -> str | None:
        return self._user_id(name)

    def _user_ids(self) -> Iterable[str]:
        return self._users()

    def _parse(self, endpoint: str | None, query: Mapping[str, Any]) -> dict[str, Any]:
        """Check and resolve a query. An unknown condition would silently match nothing."""
        check_words(endpoint, query)
        if "user" in query:
            self.find_user(query["user"])
        return self._resolve(endpoint, query)
