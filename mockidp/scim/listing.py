"""Lists of users and groups: a page of what a filter selects. Source: docs/fidelity.md.

Spec: RFC 7644 3.4.2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

from mockidp.protocol.scim.path import Resource
from mockidp.protocol.scim.refusal import invalid
from mockidp.scim.call import ScimCall

T = TypeVar("T")
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ENTRA = frozenset({"aadOptscim062020"})
"""The query parameter for Entra ID, which then follows the RFC."""
PARAMETERS = ENTRA | {"filter", "startIndex", "count"}
"""The query parameters of a list."""
_MAX_COUNT = 100


def page_of(call: ScimCall, found: Sequence[T], show: Callable[[T], Resource]) -> Any:
    """Return the page of a list that a call asks for."""
    start = max(_number(call, "startIndex", 1), 1)
    count = min(max(_number(call, "count", _MAX_COUNT), 0), _MAX_COUNT)
    page = found[start - 1 : start - 1 + count]
    return {
        "schemas": [LIST],
        "totalResults": len(found),
        "startIndex": start,
        "itemsPerPage": len(page),
        "Resources": [show(one) for one in page],
    }


def location(call: ScimCall, kind: str, key: str) -> str:
    """Return the URL of a user or a group."""
    return f"{call.url}/{kind}/{quote(key, safe='')}"


def _number(call: ScimCall, name: str, default: int) -> int:
    sent = call.query.get(name)
    with call.tenant.trace.check(name, sent=sent):
        try:
            return default if sent is None else int(sent)
        except ValueError:
            raise invalid(
                "invalidValue",
                f"Invalid {name}",
                hint=f"`{name}` is {sent!r:.40}. Send a whole number.",
            ) from None
