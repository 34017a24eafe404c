"""The journal: the last exchanges, with the reasons of each answer, and queries over them."""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Unpack

from mockidp.codec.write import to_wire
from mockidp.errors import MockIdPError, TimedOut
from mockidp.tenant.bounded_queue import BoundedQueue
from mockidp.tenant.journal_text import (
    Query,
    check_timeout,
    check_words,
    describe_near_misses,
    describe_query,
    differences,
    list_known,
)
from mockidp.tenant.trace import Check, IssuedToken

CAP = 1000
MAX_BYTES = 16 * 1024 * 1024
"""The limit for all entries together."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalEntry:
    """One exchange. Times are seconds by the tenant's clock; secrets are cut."""

    number: int
    """Counts from 1 since the tenant's start or last reset."""
    at: float
    endpoint: str
    """One of `ENDPOINTS`, such as `authorize` or `token`, or `OUTBOX`."""
    method: str
    url: str
    """The URL without its query, which is in `parameters`."""
    parameters: Mapping[str, Any]
    client: str | None = None
    user: str | None = None
    grant: str | None = None
    audience: str | None = None
    status: int
    error: str | None = None
    """The error code of a refusal that was sent to the client or to its callback."""
    description: str | None = None
    hint: str = ""
    trace: tuple[Check, ...] = ()
    duration: float = 0.0
    tokens: tuple[IssuedToken, ...] = ()
    faults: tuple[str, ...] = ()
    """The names of the faults that fired."""
    notes: Mapping[str, Any] = field(default_factory=dict)
    """Other facts, such as `pkce` and `nonce` if a code was redeemed."""
    is_bug: bool = False
    """Whether mockidp itself failed."""
    is_blocked_by_cors: bool = False
    """Whether a browser keeps the answer from the page that requested it."""

    @property
    def failed(self) -> Check | None:
        """The failed check, or None. It is the last check of the trace."""
        return next((check for check in self.trace if not check.passed), None)

    @property
    def title(self) -> str:
        """A short description without the hint."""
        parts = [f"#{self.number} {self.endpoint} {self.method} {self.status}"]
        parts += [self.error] if self.error else []
        named = {"client": self.client, "user": self.user, "grant": self.grant}
        parts += [f"{name}={value}" for name, value in named.items() if value]
        return " ".join(parts)

    def __str__(self) -> str:
        return f"{self.title} hint: {self.hint}" if self.hint else self.title

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, in the order of the fields."""
        return to_wire(self)  # type: ignore[no-any-return]  # a record becomes a dict


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
        self._pending: deque[tuple[int, EntryMaker]] = deque(maxlen=cap)
        """The latest exchanges, whose entries are created when the journal is read."""
        self._changed = threading.Condition()
        self._count = 0

    def __len__(self) -> int:
        with self._changed:
            self._make_pending()
            return len(self._entries)

    def __iter__(self) -> Iterator[JournalEntry]:
        with self._changed:
            self._make_pending()
            return iter(tuple(self._entries))

    def add(self, make: EntryMaker, *, is_small: bool = False) -> None:
        """Add an exchange.

        Args:
            make: Creates the entry for a number.
            is_small: Whether `make` keeps little memory, so that it can be called later.
        """
        with self._changed:
            self._count += 1
            self._pending.append((self._count, make))
            if not is_small:
                self._make_pending()
            self._changed.notify_all()

    def _make_pending(self) -> None:
        while self._pending:
            number, make = self._pending.popleft()
            self._entries.append(make(number))

    def clear(self) -> None:  # noqa: D102 - inherited
        with self._changed:
            self._pending.clear()
            self._entries.clear()
            self._count = 0

    def of(  # noqa: D102 - inherited
        self, endpoint: str | None = None, *, after: int = 0, **query: Unpack[Query]
    ) -> list[JournalEntry]:
        wanted = self._parse(endpoint, query)
        with self._changed:
            after = after if after <= self._count else 0
            return [one for one in self if one.number > after and not differences(one, wanted)]

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

        def found() -> list[JournalEntry]:
            return self.of(endpoint, after=after, **query)

        with self._changed:
            if self._changed.wait_for(lambda: len(found()) >= times, timeout):
                return found()
            count = len(found())
            near = describe_near_misses(
                (entry, differences(entry, wanted)) for entry in self if entry.number > after
            )
        wanted_text = describe_query(endpoint, query) + (f" after #{after}" if after else "")
        raise TimedOut(f"Waited {timeout:g} s for {times} x {wanted_text}, found {count}. {near}")

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
