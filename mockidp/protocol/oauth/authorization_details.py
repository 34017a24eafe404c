"""The parameter `authorization_details`: what a client asks a user to allow, in JSON.

Spec: RFC 9396 2 and 5.
Auth0: only the type of each object is checked (docs/fidelity.md).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mockidp.protocol.errors.extension_error import InvalidAuthorizationDetails

AUTHORIZATION_DETAILS = "authorization_details"
Details = tuple[Mapping[str, Any], ...]
"""The objects, each with a string `type`."""


def parse_details(text: str) -> Details:
    """Parse the parameter.

    Raises:
        InvalidAuthorizationDetails: It is not a JSON array of objects with a type.
    """
    try:
        sent = json.loads(text)
        # What JSON cannot express is parsed all the same: `NaN`, 1e999, half a surrogate pair.
        json.dumps(sent, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise _invalid("is not JSON") from None
    if not isinstance(sent, list) or not sent:
        raise _invalid("is not a JSON array with at least one object")
    for index, one in enumerate(sent):
        if not isinstance(one, dict):
            raise _invalid(f"has an entry that is not an object, at index {index}")
        if not isinstance(one.get("type"), str) or not one["type"]:
            raise _invalid(f"has an object without a string `type`, at index {index}")
    return tuple(sent)


def types_of(details: Details) -> tuple[str, ...]:
    """Return the types of the objects, each once."""
    return tuple(dict.fromkeys(one["type"] for one in details))


def _invalid(why: str) -> InvalidAuthorizationDetails:
    return InvalidAuthorizationDetails(
        "Invalid authorization_details",
        hint=f"Parameter `authorization_details` {why}. Send an array of objects such as "
        '[{"type": "payment", "amount": 5}] (RFC 9396).',
    )
