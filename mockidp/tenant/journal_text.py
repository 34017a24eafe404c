"""Texts about exchanges: queries, and the exchanges that nearly match them."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from mockidp.errors import MockIdPError
from mockidp.faults.vocabulary import ENDPOINTS

if TYPE_CHECKING:
    from mockidp.tenant.journal import JournalEntry

OUTBOX = "outbox"
"""The endpoint of an entry that says that a message was added to the outbox."""
_NEAREST = 5
_SHOWN = 20


class Query(TypedDict, total=False):
    """The conditions of a query. A user is named by id, the id's last part, or e-mail."""

    client: str
    user: str
    grant: str
    audience: str
    status: int
    error: str
    method: str


QUERY_WORDS = tuple(Query.__annotations__)


def check_words(endpoint: str | None, query: Mapping[str, Any]) -> None:
    """Check an endpoint and the words of a query.

    Raises:
        MockIdPError: One of them does not exist; the text lists those that do.
    """
    known = (*ENDPOINTS, OUTBOX)
    if endpoint is not None and endpoint not in known:
        raise MockIdPError(f"no endpoint {endpoint!r}; {list_known(endpoint, known)}")
    for word in query:
        if word not in QUERY_WORDS:
            raise MockIdPError(f"no query word {word!r}; {list_known(word, QUERY_WORDS)}")


def check_timeout(timeout: float) -> None:
    """Check a timeout in seconds.

    Raises:
        MockIdPError: It is not a number, or too large.
    """
    if not isinstance(timeout, int | float) or not timeout <= threading.TIMEOUT_MAX:
        raise MockIdPError(f"timeout={timeout!r} is not a number of seconds to wait, such as 5")


def differences(entry: JournalEntry, wanted: Mapping[str, Any]) -> list[str]:
    """Return how an exchange differs from a query; an empty list if it matches."""
    return [
        f"{name} is {getattr(entry, name)!r}, not {value!r}"
        for name, value in wanted.items()
        if getattr(entry, name) != value
    ]


def describe_near_misses(candidates: Iterable[tuple[JournalEntry, Sequence[str]]]) -> str:
    """List the exchanges that match best, how each differs, and the check that it failed."""
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


def list_known(name: str, known: Iterable[str], *, most: int = _SHOWN) -> str:
    """Return the known names and the nearest one, to be appended to an error.

    A user may also be named by the last part of the id, so those parts are compared, too.
    """
    from mockidp.protocol.nearest import nearest  # noqa: PLC0415 - 7 ms of each start

    names = tuple(known)
    close = nearest(str(name), (*names, *(one.rpartition("|")[2] for one in names)))
    meant = f"; did you mean {close}?" if close else ""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"there are: {', '.join(names[:most]) or 'none'}{more}{meant}"


def describe_query(endpoint: str | None, query: Mapping[str, Any]) -> str:
    """Return a query as text."""
    words = " and ".join(f"{name}={value!r}" for name, value in query.items())
    return (endpoint or "any exchange") + (f" with {words}" if words else "")
