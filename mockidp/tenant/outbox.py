"""E-mails and text messages that Auth0 would send. mockidp keeps them for tests to read."""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypedDict, Unpack

from mockidp.codec.write import to_wire
from mockidp.errors import MockIdPError, TimedOut
from mockidp.frozen import frozen, replace
from mockidp.storage.feed import Feed, OpenFeed
from mockidp.tenant.bounded_queue import BoundedQueue
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.tenant.journal.journal import Journal
from mockidp.tenant.journal.text import OUTBOX, check_timeout, list_known

MAX_MESSAGES = 1000
MAX_BYTES = 4 * 1024 * 1024
"""The maximum size of all messages. The last one is always kept."""
_ACCEPTED = 202


@frozen
class Message:
    """One e-mail or text message."""

    number: int
    """Counts from 1 since the tenant's start or last reset."""
    at: float
    """Seconds since 1970, by the tenant's clock."""
    to: str
    """The e-mail address or phone number."""
    kind: str
    """Auth0's name of the template, such as `verify_email` or `reset_email`."""
    text: str
    subject: str = ""
    """The subject of an e-mail; empty for a text message."""
    link: str | None = None
    """The link to open, if any."""
    code: str | None = None
    """The code to type, if any."""
    user_id: str | None = None
    client_id: str | None = None

    def __str__(self) -> str:
        subject = f": {self.subject}" if self.subject else ""
        return f"#{self.number} {self.kind} to {self.to}{subject}"


class Content(TypedDict, total=False):
    """The optional fields of a message."""

    subject: str
    link: str | None
    code: str | None
    user_id: str | None
    client_id: str | None


class MessageQuery(TypedDict, total=False):
    """The conditions of a query. A user is named by id, the id's last part, or e-mail."""

    to: str
    kind: str
    user: str
    client: str


_FIELDS = {"to": "to", "kind": "kind", "user": "user_id", "client": "client_id"}
"""The field that each condition is compared with."""


class OutboxReader(ABC):
    """The last messages of a tenant, here or elsewhere, the oldest first."""

    @abstractmethod
    def __iter__(self) -> Iterator[Message]: ...

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def clear(self) -> None:
        """Delete all messages, and number the next one 1."""

    @abstractmethod
    def of(self, *, after: int = 0, **query: Unpack[MessageQuery]) -> list[Message]:
        """Return the messages that match a query.

        Args:
            after: Only messages after the one with this number. A number higher than the last
                is from before a reset, so all messages match.
            query: `to`, `kind`, `user` and `client`; by default all messages.

        Raises:
            MockIdPError: A condition or the user is unknown.
        """

    @abstractmethod
    def wait_for(
        self,
        *,
        timeout: float = 5.0,
        times: int = 1,
        after: int = 0,
        **query: Unpack[MessageQuery],
    ) -> list[Message]:
        """Wait until enough messages match a query, and return them. Past messages count.

        Args:
            timeout: The longest time to wait, in seconds; 0 does not wait.
            times: How many messages to wait for.
            after: Only messages after the one with this number.
            query: `to`, `kind`, `user` and `client`; by default all messages.

        Raises:
            TimedOut: Too few messages matched. The text lists the messages in the outbox.
            MockIdPError: A condition or the user is unknown, or the timeout is not a number.
        """

    def last(self, **query: Unpack[MessageQuery]) -> Message | None:
        """Return the last message that matches a query, or None.

        Raises:
            MockIdPError: A condition or the user is unknown.
        """
        found = self.of(**query)
        return found[-1] if found else None


class Outbox(OutboxReader):
    """The last messages of a tenant in this process.

    Args:
        journal: Receives an entry for each message, and finds users by name.
        now: Returns the tenant's time.
    """

    def __init__(self, journal: Journal, now: Callable[[], float]) -> None:
        self._journal = journal
        self._now = now
        self._messages: BoundedQueue[Message] = BoundedQueue(
            max_items=MAX_MESSAGES, max_bytes=MAX_BYTES
        )
        self._changed = threading.Condition()
        self._count = 0
        self._feed: Feed | None = None

    def share(self, open_feed: OpenFeed) -> None:
        """Share the messages with other mocks, through a feed for which this is the receiver."""
        self._feed = open_feed("outbox", MAX_MESSAGES, self)

    def __len__(self) -> int:
        return len(self._current())

    def __iter__(self) -> Iterator[Message]:
        return iter(self._current())

    def _current(self) -> tuple[Message, ...]:
        if self._feed is not None:
            self._feed.catch_up()
        with self._changed:
            return tuple(self._messages)

    def send(self, *, to: str, kind: str, text: str, **content: Unpack[Content]) -> None:
        """Add a message, and a journal entry without its link and code."""
        message = Message(number=0, at=self._now(), to=to, kind=kind, text=text, **content)
        if self._feed is None:
            self._append(message)
        else:
            self._feed.send(json.dumps(to_wire(message)))
        self._journal.add(lambda number: _entry(number, message))

    def receive(self, message: str) -> None:
        """Add a message of a mock that shares the tenant, or of this one."""
        self._append(Message(**json.loads(message)))

    def _append(self, message: Message) -> None:
        with self._changed:
            self._count += 1
            self._messages.append(replace(message, number=self._count))
            self._changed.notify_all()

    def clear(self) -> None:  # noqa: D102 - inherited
        if self._feed is None:
            self.begin(0)
        else:
            self._feed.clear()

    def begin(self, count: int) -> None:
        """Delete all messages, and number the next one after a number."""
        with self._changed:
            self._messages.clear()
            self._count = count

    def of(  # noqa: D102 - inherited
        self, *, after: int = 0, **query: Unpack[MessageQuery]
    ) -> list[Message]:
        wanted, found = self._fields(query), self._current()
        after = after if after <= self._count else 0
        return [one for one in found if one.number > after and _matches(one, wanted)]

    def wait_for(  # noqa: D102 - inherited
        self,
        *,
        timeout: float = 5.0,
        times: int = 1,
        after: int = 0,
        **query: Unpack[MessageQuery],
    ) -> list[Message]:
        check_query(query)
        check_timeout(timeout)

        found: list[Message] = []

        def is_enough() -> bool:
            found[:] = self.of(after=after, **query)
            return len(found) >= times

        if self._wait_until(is_enough, timeout):
            return found
        held = "".join(f"\n  {one}." for one in self)
        raise TimedOut(
            f"Waited {timeout:g} s for {times} x {describe_query(query)}, found {len(found)}. "
            + (f"The outbox contains:{held}" if held else "The outbox is empty.")
        )

    def _wait_until(self, is_done: Callable[[], bool], seconds: float) -> bool:
        if self._feed is not None:
            return self._feed.wait_until(is_done, seconds)
        with self._changed:
            return self._changed.wait_for(is_done, seconds)

    def _fields(self, query: MessageQuery) -> dict[str, Any]:
        """Return a query by the fields of a message."""
        check_query(query)
        wanted: dict[str, Any] = {_FIELDS[name]: value for name, value in query.items()}
        if "user_id" in wanted:
            wanted["user_id"] = self._journal.find_user(wanted["user_id"])
        return wanted


def check_query(query: Mapping[str, Any]) -> None:
    """Check the names of conditions.

    Raises:
        MockIdPError: One of them is unknown. The text lists the known ones.
    """
    for word in query:
        if word not in _FIELDS:
            raise MockIdPError(f"There is no condition {word!r}. {list_known(word, _FIELDS)}")


def describe_query(query: MessageQuery) -> str:
    """Return a query as text."""
    words = " and ".join(f"{name}={value!r}" for name, value in query.items())
    return f"message with {words}" if words else "any message"


def _matches(message: Message, wanted: dict[str, Any]) -> bool:
    return all(getattr(message, name) == value for name, value in wanted.items())


def _entry(number: int, message: Message) -> JournalEntry:
    return JournalEntry(
        number=number,
        at=message.at,
        endpoint=OUTBOX,
        method="SEND",
        url="",
        parameters={"to": message.to, "kind": message.kind, "subject": message.subject},
        client=message.client_id,
        user=message.user_id,
        status=_ACCEPTED,
    )
