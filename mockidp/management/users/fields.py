"""The fields of a user in a body, and the connection that it names."""

from __future__ import annotations

from typing import Any

from mockidp.management.operation import Call
from mockidp.management.refusals import invalid_body, refused
from mockidp.resources.connection import Connection
from mockidp.resources.mfa_factor import check_phone_number
from mockidp.tenant.tenant import Tenant

PROFILE = frozenset(
    {
        "app_metadata", "blocked", "email", "email_verified", "family_name", "given_name", "name",
        "nickname", "password", "phone_number", "phone_verified", "picture", "user_metadata",
        "username", "verify_email",
    }
)  # fmt: skip


def read_fields(call: Call, *other: str) -> dict[str, Any]:
    """Return the user's fields in the body. Auth0: addresses are in lower case.

    Raises:
        ApiRefusal: The phone number has not the format E.164.
    """
    number = call.body.get("phone_number")
    with call.tenant.trace.check("phone_number", sent=number):
        if isinstance(number, str) and (wrong := check_phone_number(number)):
            raise invalid_body(
                f"Expected {wrong.text}",
                at="phone_number",
                hint=f"`phone_number` is {number[:40]!r}. Send it with + and the country code.",
            )
    fields = {name: one for name, one in call.body.items() if name not in other}
    if isinstance(fields.get("email"), str):
        fields["email"] = fields["email"].lower()
    return fields


def find_connection(tenant: Tenant, name: Any) -> Connection:
    """Return the connection with a name.

    Raises:
        ApiRefusal: There is no such connection.
    """
    found = tenant.directory.connection(name) if isinstance(name, str) else None
    with tenant.trace.check("connection", sent=name, found=found is not None):
        if found is None:
            raise refused(
                "The connection does not exist.",
                code="inexistent_connection",
                hint=f"No connection has the name {name!r}. `connection` is a name, not an id.",
            )
    return found
