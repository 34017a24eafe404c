"""The last exchanges: what was asked, what was answered and why, and queries over them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict, Unpack

from mockidp.codec.write import to_wire
from mockidp.errors import MockIdPError
from mockidp.faults.vocabulary import ENDPOINTS
from mockidp.tenant.bounded_queue import BoundedQueue
from mockidp.tenant.trace import Check, IssuedToken

CAP = 1000
MAX_BYTES = 16 * 1024 * 1024
"""How much all entries may take together."""
OUTBOX = "outbox"
"""The endpoint of an entry that says that a message was added to the outbox."""
_NEAREST = 5
_SHOWN = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalEntry:
    """One exchange. Times are seconds by the tenant's clock; secrets are cut."""

    number: int
    """Counted from 1 since the tenant began, or was reset."""
    at: float
    endpoint: str
    """One of `ENDPOINTS`, such as `authorize` or `token`; or `OUTBOX`."""
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
    """The code of a refusal, on its way to the client or to its callback."""
    description: str | None = None
    hint: str = ""
    trace: tuple[Check, ...] = ()
    duration: float = 0.0
    tokens: tuple[IssuedToken, ...] = ()
    faults: tuple[str, ...] = ()
    """The names of the faults that fired."""
    notes: Mapping[str, Any] = field(default_factory=dict)
    """What else became known, such as `pkce` and `nonce` where a code was redeemed."""
    is_bug: bool = False
    """Whether mockidp itself failed."""
    is_blocked_by_cors: bool = False
    """Whether a browser keeps the answer from the page that requested it."""

    @property
    def failed(self) -> Check | None:
        """The check that did not pass, where one did not: it comes last."""
        return next((check for check in self.trace if not check.passed), None)

    @property
    def title(self) -> str:
        """What it was in a few words, without the hint."""
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


class Query(TypedDict, total=False):
    """What exchanges may be sought by. A user may be an id, its last part, or an e-mail."""

    client: str
    user: str
    grant: str
    audience: str
    status: int
    error: str
    method: str


QUERY_WORDS = tuple(Query.__annotations__)


class Journal:
    """The last exchanges, the oldest first.

    Args:
        user_id: Finds the id of the user that a name stands for; None for nobody.
        users: Returns the ids of all users, for who misspells one.
        cap: How many are kept at most.
        max_bytes: How much they may take together; the last one is always kept.
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
        self._changed = threading.Condition()
        self._count = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[JournalEntry]:
        with self._changed:
            return iter(tuple(self._entries))

    def add(self, make: Callable[[int], JournalEntry]) -> None:
        """Remember an exchange, which is made with its number."""
        with self._changed:
            self._count += 1
            self._entries.append(make(self._count))
            self._changed.notify_all()

    def clear(self) -> None:
        """Forget all, and count from 1 again."""
        with self._changed:
            self._entries.clear()
            self._count = 0

    def of(
        self, endpoint: str | None = None, *, after: int = 0, **query: Unpack[Query]
    ) -> list[JournalEntry]:
        """Return the exchanges of an endpoint, or of all, that are as a query says.

        Args:
            endpoint: Where they were.
            after: The number of the exchange after which they came. One that was not reached
                yet is from before a reset: all came after it.
            query: What they were.

        Raises:
            MockIdPError: An unknown endpoint or word, or a user that is nobody.
        """
        wanted = self._parse(endpoint, query)
        with self._changed:
            after = after if after <= self._count else 0
            return [one for one in self if one.number > after and not _misses(one, wanted)]

    def last(self, endpoint: str | None = None, **query: Unpack[Query]) -> JournalEntry | None:
        """Return the last exchange that is as a query says; None if there is none.

        Raises:
            MockIdPError: An unknown endpoint or word, or a user that is nobody.
        """
        found = self.of(endpoint, **query)
        return found[-1] if found else None

    def wait_for(
        self,
        endpoint: str | None = None,
        *,
        timeout: float = 5.0,
        times: int = 1,
        after: int = 0,
        **query: Unpack[Query],
    ) -> list[JournalEntry]:
        """Wait for exchanges, of which some may have been; return all that are as a query says.

        Args:
            endpoint: Where they are to be.
            timeout: The most seconds to wait; 0 only looks.
            times: How many there are to be.
            after: The number of the exchange after which they are to come.
            query: What they are to be.

        Raises:
            MockIdPError: They did not come, and the text lists what came instead; or an unknown
                endpoint or word, a user that is nobody, or a timeout that is no number.
        """
        wanted = self._parse(endpoint, query)
        check_timeout(timeout)

        def found() -> list[JournalEntry]:
            return self.of(endpoint, after=after, **query)

        with self._changed:
            if self._changed.wait_for(lambda: len(found()) >= times, timeout):
                return found()
            count = len(found())
            near = describe_near_misses(
                (entry, _misses(entry, wanted)) for entry in self if entry.number > after
            )
        sought = describe_query(endpoint, query) + (f" after #{after}" if after else "")
        raise MockIdPError(f"waited {timeout:g} s for {times} x {sought}, found {count}; {near}")

    def misses(
        self, entry: JournalEntry, endpoint: str | None, query: Mapping[str, Any]
    ) -> list[str]:
        """Say in which ways an exchange is not what is sought; nothing if it is."""
        return _misses(entry, self._resolve(endpoint, query))

    def find_user(self, name: str) -> str:
        """Return the id that a user's name stands for.

        Raises:
            MockIdPError: Nobody has that name, and no exchange was about such an id.
        """
        user_id = self._user_id(name)
        if user_id is not None or any(entry.user == name for entry in self):
            return user_id or name
        raise MockIdPError(f"no user {name!r}; {there_are(name, self._users())}")

    def to_json(self) -> str:
        """Return all exchanges as JSON, the same text for the same exchanges."""
        return json.dumps([entry.to_dict() for entry in self], indent=1)

    def _parse(self, endpoint: str | None, query: Mapping[str, Any]) -> dict[str, Any]:
        """Check what is sought: a word that nothing has would find nothing, in silence."""
        check_words(endpoint, query)
        if "user" in query:
            self.find_user(query["user"])
        return self._resolve(endpoint, query)

    def _resolve(self, endpoint: str | None, query: Mapping[str, Any]) -> dict[str, Any]:
        wanted = dict(query)
        if "user" in wanted:
            wanted["user"] = self._user_id(wanted["user"]) or wanted["user"]
        return wanted if endpoint is None else {**wanted, "endpoint": endpoint}


def check_words(endpoint: str | None, query: Mapping[str, Any]) -> None:
    """Check that there is an endpoint, and every word of a query.

    Raises:
        MockIdPError: There is not, and the text says what there is.
    """
    known = (*ENDPOINTS, OUTBOX)
    if endpoint is not None and endpoint not in known:
        raise MockIdPError(f"no endpoint {endpoint!r}; {there_are(endpoint, known)}")
    for word in query:
        if word not in QUERY_WORDS:
            raise MockIdPError(f"no query word {word!r}; {there_are(word, QUERY_WORDS)}")


def check_timeout(timeout: float) -> None:
    """Check a number of seconds to wait.

    Raises:
        MockIdPError: It is no number, or more than can be waited.
    """
    if not isinstance(timeout, int | float) or not timeout <= threading.TIMEOUT_MAX:
        raise MockIdPError(f"timeout={timeout!r} is no number of seconds to wait, such as 5")


def _misses(entry: JournalEntry, wanted: Mapping[str, Any]) -> list[str]:
    return [
        f"{name} is {getattr(entry, name)!r}, not {value!r}"
        for name, value in wanted.items()
        if getattr(entry, name) != value
    ]


def describe_near_misses(candidates: Iterable[tuple[JournalEntry, Sequence[str]]]) -> str:
    """List the exchanges that are nearly what is sought, why each is not, and what it failed at."""
    known = list(candidates)
    near = sorted(known, key=lambda one: (len(one[1]), -one[0].number))[:_NEAREST]
    if not near:
        return "there was no exchange at all"
    more = f" (the nearest {_NEAREST})" if len(known) > _NEAREST else ""
    lines = [
        f"there were {len(known)} exchanges{more}:" if len(known) > 1 else "there was one exchange:"
    ]
    for entry, why in near:
        lines.append(f"  {entry.title}")
        lines.append(f"    {'; '.join(why) or 'this one matches'}")
        lines += [f"    {entry.failed}"] if entry.failed else []
    return "\n".join(lines)


def there_are(name: str, known: Iterable[str]) -> str:
    """Return the known names and the nearest one, to be appended to an error.

    A user may also be named by the last part of the id, so those parts are compared, too.
    """
    from mockidp.protocol.nearest import nearest  # noqa: PLC0415 - 7 ms of each start

    names = tuple(known)
    close = nearest(str(name), (*names, *(one.rpartition("|")[2] for one in names)))
    meant = f"; did you mean {close}?" if close else ""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"there are: {', '.join(names[:_SHOWN]) or 'none'}{more}{meant}"


def describe_query(endpoint: str | None, query: Mapping[str, Any]) -> str:
    """Return a query in words that are neither Python's nor HTTP's."""
    words = " and ".join(f"{name}={value!r}" for name, value in query.items())
    return (endpoint or "any exchange") + (f" with {words}" if words else "")
