"""Checks of the resources that a directory sends.

Spec: RFC 7644 3.3, 3.12. Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from mockidp.codec.mistakes import ConfigError
from mockidp.protocol.scim.mapping import BLOCKED, unstored
from mockidp.protocol.scim.path import Resource, parse_path, value_at
from mockidp.protocol.scim.refusal import ScimRefusal, invalid
from mockidp.resources.resource_type import login_key
from mockidp.resources.strategies import user_id_prefix
from mockidp.resources.user import PREFERRED_USERNAME, User
from mockidp.scim.call import ScimCall

_USER_NAME = parse_path("userName")
_MAX_NAMED = 10
_BOOLEAN = (
    "`active` has to be true or false. In Entra ID, append `?aadOptscim062020` to the URL, so that "
    "it does not send a string."
)


def check_body(call: ScimCall, schema: str) -> Resource:
    """Return the resource in the body of a call.

    Raises:
        ScimRefusal: It does not have the schema of a user or a group.
    """
    body = dict(call.body)
    schemas = body.get("schemas")
    with call.tenant.trace.check("schemas", sent=schemas):
        if not isinstance(schemas, list) or schema not in schemas:
            raise invalid(
                "invalidSyntax",
                "Request is unparsable, syntactically incorrect, or violates schema.",
                hint=f"`schemas` has to be a list with {schema}.",
            )
        extensions = [one for one in body if one.lower().startswith("urn:")]
        other = next((one for one in extensions if not isinstance(body[one], dict)), None)
        if other is not None:
            raise invalid(
                "invalidSyntax",
                "Request is unparsable, syntactically incorrect, or violates schema.",
                hint=f"`{other[:100]}` has to be an object.",
            )
    return body


def new_user_id(call: ScimCall, resource: Resource) -> str:
    """Return the id of a new user: the prefix of the connection, and an attribute.

    Raises:
        ScimRefusal: The resource does not have the attribute.
    """
    connection = call.connection
    name = call.configuration.user_id_attribute_of(connection.strategy)
    with call.tenant.trace.check("user_id_attribute", attribute=name):
        value = value_at(resource, parse_path(name, scim_type="invalidValue"))
        if not isinstance(value, str) or not value:
            raise invalid(
                "invalidValue",
                f"Attribute {name} is required",
                hint=f"`{name}` is the `user_id_attribute` of connection {connection.name}: ids of "
                "users end with it. Send it as a string.",
            )
    return user_id_prefix(connection.strategy, connection.name) + value


def check_is_new(
    call: ScimCall,
    user_id: str,
    resource: Resource,
    fields: Mapping[str, Any],
    *,
    own: User | None = None,
) -> None:
    """Check that no other user of the connection has the id, the name or the address.

    Raises:
        ScimRefusal: Another user has.
    """
    tenant = call.tenant
    known = [tenant.directory.user(user_id), *_users_with(call, fields)]
    found = next((one for one in known if one is not None and one != own), None)
    with tenant.trace.check("new", user_id=user_id, exists=found is not None):
        if found is not None:
            sent = value_at(resource, _USER_NAME)
            raise ScimRefusal(
                HTTPStatus.CONFLICT,
                "User already exists",
                scim_type="uniqueness",
                hint=f"User {found.user_id} has the id, the username or the address that was sent "
                f"for {sent!r:.100}. Look it up with a filter first.",
            )


def _users_with(call: ScimCall, fields: Mapping[str, Any]) -> Iterator[User | None]:
    """Yield the users of the connection with the username or the address of some fields."""
    directory, connection = call.tenant.directory, call.connection.name
    name, email = fields.get("preferred_username"), fields.get("email")
    if isinstance(name, str):
        yield from directory.users.find(PREFERRED_USERNAME, login_key(connection, name))
    if isinstance(email, str):
        yield directory.find_user(email, (connection,))


def advise_ignored(call: ScimCall, ignored: Iterable[str]) -> None:
    """Add hints about attributes that the mapping does not have, or that are not stored here."""
    names = list(dict.fromkeys(ignored))[:_MAX_NAMED]
    name = call.connection.name
    if names:
        call.tenant.trace.advise(
            f"The mapping of connection {name} does not have {', '.join(names)}, so this was "
            "ignored. Add an entry to `scim_configuration.mapping`."
        )
    other = unstored(call.pairs)[:_MAX_NAMED]
    if other:
        call.tenant.trace.advise(
            f"Users do not have the attribute {', '.join(other)} here, which the mapping of "
            f"connection {name} writes. Use a member of `app_metadata` instead."
        )


@contextmanager
def refused_value(call: ScimCall) -> Iterator[None]:
    """Refuse the mistakes that the checks of records find.

    Raises:
        ScimRefusal: There is a mistake. The refusal names the first.
    """
    try:
        yield
    except ConfigError as error:
        first = error.mistakes[0]
        hint = f"`{first.path}` of the user: found {first.found}, expected {first.expected}."
        with call.tenant.trace.check("values", mistakes=len(error.mistakes)):
            raise invalid(
                "invalidValue",
                f"Invalid value of {first.path}",
                hint=_BOOLEAN if first.path == BLOCKED else hint,
            ) from None
