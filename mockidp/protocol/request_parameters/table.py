"""Tables of request parameters: every documented one of an endpoint, and what mockidp does with it.

Hints, refusals and the reference pages are made from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal

from mockidp.frozen import frozen
from mockidp.protocol.errors.nearest import nearest

Handling = Literal["supported", "refused", "not accepted", "hinted", "ignored"]
"""`hinted`: not supported, but Auth0 does; `ignored`: does not change Auth0's answer either.

`refused`: Auth0 supports it, so it is refused by name; `not accepted`: Auth0 refuses it as well,
and a separate check does so with Auth0's text.
"""

_OWN_NAME = re.compile(r"[\w.-]{1,40}")
_NEAR = 0.8


@frozen
class RequestParameter:
    """One parameter, or one kind of value of a parameter."""

    name: str
    """A trailing `*` matches all names with this prefix."""
    handling: Handling
    text: str = ""
    """What Auth0 or mockidp does with it, in sentences."""
    grants: tuple[str, ...] = ()
    """The grant types that it belongs to; all by default."""
    values: tuple[str, ...] = ()
    """The values that the entry is for; all by default."""
    is_header: bool = False

    def matches(self, name: str, value: str, grant: str) -> bool:
        """Return whether the entry is for a parameter as it was sent."""
        return (
            self.is_for(name)
            and not self.is_header
            and self.is_for_grant(grant)
            and (not self.values or bool({*self.values} & {*value.split()}))
        )

    def is_for_grant(self, grant: str) -> bool:
        """Return whether the entry is for a grant type."""
        return not self.grants or grant in self.grants

    def is_for(self, name: str) -> bool:
        """Return whether the entry is for a name, with some value and grant type."""
        return name == self.name or (
            self.name.endswith("*") and name.startswith(self.name.removesuffix("*"))
        )


class ParameterTable:
    """The entries of one endpoint, in order, and found by name."""

    def __init__(self, *entries: RequestParameter) -> None:
        self._entries = entries
        self._by_name: dict[str, list[RequestParameter]] = {}
        self._by_prefix = [one for one in entries if one.name.endswith("*")]
        for one in entries:
            if one not in self._by_prefix:
                self._by_name.setdefault(one.name, []).append(one)
        self.by_bare_name = {_bare(one.name): one.name for one in entries if not one.is_header}

    def __iter__(self) -> Iterator[RequestParameter]:
        return iter(self._entries)

    @lru_cache(maxsize=256)  # noqa: B019 - tables are never deleted
    def _silent(self, grant: str) -> frozenset[str]:
        """Return the names that are no reason to refuse a request of a grant type, or for a hint.

        An entry for a header makes its name one that may be misspelt.
        """
        audible = [
            one
            for one in self._entries
            if one.is_header or (one.handling in ("refused", "hinted") and one.is_for_grant(grant))
        ]
        return frozenset(
            name for name in self._by_name if not any(one.is_for(name) for one in audible)
        )

    def notable(self, sent: Mapping[str, Any], grant: str) -> list[tuple[str, Any]]:
        """Return the parameters that may be refused, hinted at or misspelt; mostly none."""
        silent = self._silent(grant)
        return [(name, value) for name, value in sent.items() if name not in silent]

    def matching(self, name: str, value: str, grant: str) -> list[RequestParameter]:
        """Return the entries for a parameter as it was sent."""
        named = (*self._by_name.get(name, ()), *self._by_prefix)
        return [one for one in named if one.matches(name, value, grant)]


def hints_for(table: ParameterTable, sent: Mapping[str, Any], grant: str = "") -> Iterator[str]:
    """Yield a hint for each parameter that Auth0 would act on, and for misspelt names."""
    for name, value in table.notable(sent, grant):
        if isinstance(value, str) and value:
            yield from _hints_for_one(table, name, value, grant)


def _hints_for_one(table: ParameterTable, name: str, value: str, grant: str) -> Iterator[str]:
    entries = table.matching(name, value, grant)
    if any(one.grants and one.handling == "supported" for one in entries):
        return  # an entry for this grant takes precedence over one for all grants
    for one in entries:
        if one.handling == "hinted":
            yield f"Parameter `{name}` was ignored. {one.text}"
    if not entries and (meant := _nearest(table, name)):
        yield f"Parameter `{name}` is unknown and was ignored. Did you mean `{meant}`?"


@lru_cache(maxsize=1024)
def _nearest(table: ParameterTable, name: str) -> str:
    """Return the parameter whose name a client got slightly wrong; empty if no name is close.

    A name that is not a plain one may be a whole body, so it is not compared.
    """
    known = table.by_bare_name
    if not _OWN_NAME.fullmatch(name) or name in known.values():
        return ""
    near = nearest(_bare(name), known, likeness=_NEAR)
    return known[near] if near else ""


def _bare(name: str) -> str:
    """Return a name in lower case without separators, to compare naming styles."""
    return name.lower().replace("_", "").replace("-", "").replace(".", "")


def refused_in(
    table: ParameterTable, sent: Mapping[str, Any], grant: str = ""
) -> RequestParameter | None:
    """Return the first entry that says that a parameter is refused."""
    for name, value in table.notable(sent, grant):
        for one in table.matching(name, str(value), grant) if value else ():
            if one.handling == "refused":
                return one
    return None


def parameters(
    handling: Handling, text: str, *names: str, **more: Any
) -> tuple[RequestParameter, ...]:
    """Return entries that say the same about several parameters."""
    return tuple(
        RequestParameter(name=name, handling=handling, text=text, **more) for name in names
    )


def parameter(name: str, handling: Handling, text: str, **more: Any) -> RequestParameter:
    """Return the entry of one parameter."""
    return RequestParameter(name=name, handling=handling, text=text, **more)
