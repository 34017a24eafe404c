"""An operation of the Management API or the My Account API: its path, its scopes, its handler."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockidp.management.access import Caller
from mockidp.tenant.tenant import Tenant


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A call of an operation, by a caller who has one of its scopes.

    Attributes:
        tenant: The tenant.
        url: The tenant's URL, as the caller reaches it.
        caller: Who calls.
        ids: The ids in the path, unescaped.
        query: The query parameters, of which the operation knows all.
        body: The JSON body; empty if none was sent.
        items: The JSON body of an operation that takes a list.
    """

    tenant: Tenant
    url: str
    caller: Caller
    ids: tuple[str, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    items: Sequence[Any] = ()

    @property
    def id(self) -> str:
        """The first id in the path."""
        return self.ids[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One operation."""

    title: str
    """Auth0's title, which its logs have."""
    method: str
    path: str
    """The path below that of the API, with `{id}` for each variable segment."""
    scopes: tuple[str, ...]
    """The scopes of which a token needs one."""
    handler: Callable[[Call], Any]
    """Returns the JSON of the answer; None for an empty one."""
    query: frozenset[str] = frozenset()
    """The query parameters that it accepts."""
    status: int = 200
    """The status of an answer with a body. An empty answer is a 204."""
    locate: Callable[[Call, Any], str] | None = None
    """Returns the URL of what was made, for the header `Location`, from the call and the answer."""
    has_list: bool = False
    """Whether the body is a list."""
    has_form: bool = False
    """Whether the body is a form with files, whose parts are then strings of the body."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Linked:
    """The JSON of an answer, and the URL of the next page for its header `Link` (RFC 8288)."""

    body: Any
    url: str
