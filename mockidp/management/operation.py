"""An operation of the Management API or the My Account API: its path, its scopes, its handler."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any

from mockidp.frozen import frozen
from mockidp.management.access import Caller
from mockidp.tenant.tenant import Tenant

FLAGS = frozenset(
    {
        "allow_any_organization",
        "consider_brute_force_enablement",
        "include_fields",
        "include_totals",
        "is_enabled",
        "is_first_party",
        "is_global",
        "primary_order",
    }
)
"""The query parameters that are `true` or `false`."""


@frozen
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
        link_url: The URL of the custom domain for links, if the caller has chosen one.
        user_agent: The header of that name.
    """

    tenant: Tenant
    url: str
    caller: Caller
    ids: tuple[str, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    items: Sequence[Any] = ()
    link_url: str | None = None
    user_agent: str = ""

    @property
    def id(self) -> str:
        """The first id in the path."""
        return self.ids[0]


@frozen
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
    has_links: bool = False
    """Whether it makes links, whose domain the header `Auth0-Custom-Domain` chooses."""
    text_member: str = ""
    """The member of the body that a text or a JSON string, sent in place of an object, is."""
    has_form: bool = False
    """Whether the body is a form with files, whose parts are then strings of the body."""
    has_secrets: bool = False
    """Whether all values of the body are secrets, which the journal does not show."""


@frozen
class Linked:
    """The JSON of an answer, and the URL of the next page for its header `Link` (RFC 8288)."""

    body: Any
    url: str
