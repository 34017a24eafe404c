"""Texts about exchanges: queries, and the exchanges that nearly match them."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from mockidp.errors import MockIdPError
from mockidp.faults.vocabulary import BACKCHANNEL_LOGOUT, ENDPOINTS

if TYPE_CHECKING:
    from mockidp.tenant.journal.entry import JournalEntry

OUTBOX = "outbox"
"""The endpoint of journal entries about messages in the outbox."""
NO_EXCHANGES = "There were no exchanges."
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
    flow: int


QUERY_WORDS = tuple(Query.__annotations__)


def check_words(endpoint: str | None, query: Mapping[str, Any]) -> None:
    """Check an endpoint and the names of conditions.

    Raises:
        MockIdPError: One of them does not exist. The text lists the known ones.
    """
    known = (*ENDPOINTS, OUTBOX, BACKCHANNEL_LOGOUT)
    if endpoint is not None and endpoint not in known:
        raise MockIdPError(f"There is no endpoint {endpoint!r}. {list_known(endpoint, known)}")
    for word in query:
        if word not in QUERY_WORDS:
            raise MockIdPError(f"There is no condition {word!r}. {list_known(word, QUERY_WORDS)}")


def check_timeout(timeout: float) -> None:
    """Check a timeout in seconds.

    Raises:
        MockIdPError: It is not a number, or too large.
    """
    if not isinstance(timeout, int | float) or not timeout <= threading.TIMEOUT_MAX:
        raise MockIdPError(f"Argument `timeout` is {timeout!r}. Give seconds to wait, such as 5.")


def differences(entry: JournalEntry, wanted: Mapping[str, Any]) -> list[str]:
    """Return the differences between an exchange and a query; an empty list if it matches."""
    return [
        f"{name} is {getattr(entry, name)!r}, not {value!r}"
        for name, value in wanted.items()
        if getattr(entry, name) != value
    ]


def describe_near_misses(candidates: Iterable[tuple[JournalEntry, Sequence[str]]]) -> str:
    """Return a list of the exchanges that match best, with differences and failed checks."""
    known = list(candidates)
    near = sorted(known, key=lambda one: (len(one[1]), -one[0].number))[:_NEAREST]
    if not near:
        return NO_EXCHANGES
    more = f", the nearest {_NEAREST} of which are" if len(known) > _NEAREST else ""
    were = "were" if len(known) > 1 else "was"
    lines = [f"There {were} {count_exchanges(len(known))}{more}:"]
    for entry, why in near:
        lines.append(f"  {entry.title}")
        texts = [", and ".join(why) or "it matches"]
        texts += [str(entry.failed)] if entry.failed else []
        lines += [f"    {text.removesuffix('.')}." for text in texts]
    return "\n".join(lines)


def count_exchanges(number: int) -> str:
    """Return a number of exchanges as text."""
    return "1 exchange" if number == 1 else f"{number} exchanges"


def list_known(name: str, known: Iterable[str], *, most: int = _SHOWN) -> str:
    """Return the known names and the nearest one, as sentences for an error.

    The last parts of user ids are compared as well, because they name users, too.
    """
    from mockidp.protocol.errors.nearest import nearest  # noqa: PLC0415 - 7 ms of each start

    names = tuple(known)
    close = nearest(str(name), (*names, *(one.rpartition("|")[2] for one in names)))
    meant = f" Did you mean {close}?" if close else ""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"Known: {', '.join(names[:most]) or 'none'}{more}.{meant}"


def describe_query(endpoint: str | None, query: Mapping[str, Any]) -> str:
    """Return a query as text."""
    words = " and ".join(f"{name}={value!r}" for name, value in query.items())
    return (endpoint or "any exchange") + (f" with {words}" if words else "")
