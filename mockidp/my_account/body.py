"""Check the body of a call."""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus

from mockidp.management.operation import Call
from mockidp.protocol.errors.nearest import nearest
from mockidp.protocol.my_account import MyAccountRefusal


def check_members(call: Call, *allowed: str) -> None:
    """Check that the body has no other members than those that are allowed.

    Raises:
        MyAccountRefusal: It has others.
    """
    with call.tenant.trace.check("body", members=tuple(call.body)):
        other = next((one for one in call.body if one not in allowed), None)
        if other is not None:
            near = nearest(other, sorted(allowed))
            meant = f" Did you mean {near}?" if near else ""
            raise invalid(
                other,
                f"Unknown property: {other[:40]}",
                hint=f"This call accepts no `{other[:40]}` in the body.{meant}",
            )


def read_string(call: Call, name: str, *, among: Collection[str] = ()) -> str:
    """Return a member of the body.

    Args:
        call: The call.
        name: The name of the member.
        among: The values that are accepted; empty for any string.

    Raises:
        MyAccountRefusal: It is missing, empty, no string, or another value.
    """
    sent = call.body.get(name)
    with call.tenant.trace.check(name, is_sent=sent is not None):
        expected = f"Send `{name}` as one of {', '.join(among)}." if among else f"Send `{name}`."
        if sent is None:
            raise invalid(name, f"Missing required property: {name}", hint=expected)
        if not isinstance(sent, str) or not sent or (among and sent not in among):
            shown = f" It is {sent!r:.60}." if among else ""
            raise invalid(
                name,
                f"Invalid value of property: {name}",
                hint=f"`{name}` has to be a non-empty string.{shown} {expected}",
            )
    return sent


def invalid(field: str, message: str, *, hint: str) -> MyAccountRefusal:
    """Return the 400 of a member of the body."""
    return MyAccountRefusal(HTTPStatus.BAD_REQUEST, message, hint=hint, field=field[:40])
