"""The last exchanges: what was asked, what was answered and why, and queries over them."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict, Unpack

from mockidp.errors import MockIdPError
from mockidp.tenant.trace import Check, IssuedToken

CAP = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalEntry:
    """One exchange. Times are seconds by the tenant's clock; secrets are cut."""

    number: int
    """Counted from 1 since the tenant began, or was reset."""
    at: float
    endpoint: str
    """`authorize`, `login`, `token`, `userinfo`, ...: docs/reference/faults.md has them all."""
    method: str
    url: str
    """Without its query, which stands in `parameters`."""
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

    def __str__(self) -> str:
        parts = [f"#{self.number} {self.endpoint} {self.method} {self.status}"]
        parts += [self.error] if self.error else []
        named = {"client": self.client, "user": self.user, "grant": self.grant}
        parts += [f"{name}={value}" for name, value in named.items() if value]
        parts += [f"hint: {self.hint}"] if self.hint else []
        return " ".join(parts)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, in the order of the fields."""
        return _plain(self)  # type: ignore[no-any-return]  # a record becomes a dict


class Query(TypedDict, total=False):
    """What exchanges may be sought by. A user may be an id, its last part, or an e-mail."""

    client: str
    user: str
    grant: str
    audience: str
    status: int
    error: str
    method: str


class Journal:
    """The last exchanges, the oldest first.

    Args:
        user_id: Finds the id of the user that a name stands for; None for nobody.
        cap: How many are kept.
    """

    def __init__(self, user_id: Callable[[str], str | None], *, cap: int = CAP) -> None:
        self._user_id = user_id
        self._entries: deque[JournalEntry] = deque(maxlen=cap)
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

    def of(self, endpoint: str | None = None, **query: Unpack[Query]) -> list[JournalEntry]:
        """Return the exchanges of an endpoint, or of all, that are as a query says."""
        return [entry for entry in self if not self.misses(entry, endpoint, query)]

    def last(self, endpoint: str | None = None, **query: Unpack[Query]) -> JournalEntry | None:
        """Return the last exchange that is as a query says."""
        found = self.of(endpoint, **query)
        return found[-1] if found else None

    def wait_for(
        self,
        endpoint: str | None = None,
        *,
        timeout: float = 5.0,
        times: int = 1,
        **query: Unpack[Query],
    ) -> list[JournalEntry]:
        """Wait for exchanges, of which some may have been; return them.

        Raises:
            MockIdPError: They did not come; the text lists what came instead.
        """
        with self._changed:
            if self._changed.wait_for(lambda: len(self.of(endpoint, **query)) >= times, timeout):
                return self.of(endpoint, **query)
        raise MockIdPError(
            f"waited {timeout:g} s for {times} x {describe_query(endpoint, query)}; "
            + self.near_misses(endpoint, query)
        )

    def misses(
        self, entry: JournalEntry, endpoint: str | None, query: Mapping[str, Any]
    ) -> list[str]:
        """Say in which ways an exchange is not what is sought; nothing if it is."""
        wanted = dict(query)
        if "user" in wanted:
            wanted["user"] = self._user_id(wanted["user"]) or wanted["user"]
        if endpoint is not None:
            wanted["endpoint"] = endpoint
        return [
            f"{name} is {getattr(entry, name)!r}, not {value!r}"
            for name, value in wanted.items()
            if getattr(entry, name) != value
        ]

    def near_misses(self, endpoint: str | None, query: Mapping[str, Any]) -> str:
        """List the exchanges that are nearly what is sought, and why each is not."""
        candidates = [(self.misses(entry, endpoint, query), entry) for entry in self]
        near = sorted(candidates, key=lambda one: len(one[0]))[:5]
        if not near:
            return "there was no exchange at all"
        lines = [f"  {entry}\n    {'; '.join(why) or 'it matches'}" for why, entry in near]
        return "\n".join([f"there were {len(candidates)} exchanges, nearest first:", *lines])

    def to_json(self) -> str:
        """Return all exchanges as JSON, the same text for the same exchanges."""
        return json.dumps([entry.to_dict() for entry in self], indent=1)


def describe_query(endpoint: str | None, query: Mapping[str, Any]) -> str:
    """Return a query as it is written."""
    words = [repr(endpoint)] if endpoint else []
    return f"of({', '.join(words + [f'{name}={value!r}' for name, value in query.items()])})"


def _plain(value: Any) -> Any:
    """Return plain data for JSON: records as dicts, tuples as lists."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
