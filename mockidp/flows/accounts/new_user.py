"""The data of a sign-up: the address, the username, and the profile.

Auth0: docs/fidelity.md, "/dbconnections/signup".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mockidp.flows.accounts.database import INVALID_REQUEST, require
from mockidp.protocol.errors.account_refusal import AccountRefusal, ConnectionRefusal
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.resources.checks import check_email
from mockidp.resources.connection import Connection
from mockidp.resources.password_options import UsernameLength
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.timestamps import timestamp

_MARKS = "_+-.!#$'^`~@"
_USERNAME = re.compile(rf"[A-Za-z0-9{re.escape(_MARKS)}]+")
_MAX_METADATA, _MAX_NAME, _MAX_VALUE = 10, 100, 500


def read_new_user(tenant: Tenant, connection: Connection, parameters: Parameters) -> User:
    """Return the user of a sign-up request, who is not stored yet.

    Raises:
        AccountRefusal: The address, the username or the metadata is refused.
        ConnectionRefusal: The connection needs a username.
        InvalidRequest: A parameter is missing, or is not a string.
    """
    email = _read_email(tenant, parameters)
    username = _read_username(tenant, connection, parameters)
    now = timestamp(tenant.now())
    return User(
        user_id=f"auth0|{tenant.ids.object_id()}",
        email=email,
        username=username,
        password=parameters.get("password"),
        connection=connection.name,
        user_metadata=_read_metadata(tenant, parameters.raw().get("user_metadata")),
        created_at=now,
        updated_at=now,
        name=parameters.get("name"),
        given_name=parameters.get("given_name"),
        family_name=parameters.get("family_name"),
        nickname=parameters.get("nickname"),
        picture=parameters.get("picture"),
    )


def _read_email(tenant: Tenant, parameters: Parameters) -> str:
    email = require(tenant, parameters, "email").strip().lower()
    with tenant.trace.check("email_format", sent=email):
        if check_email(email):
            raise AccountRefusal(
                INVALID_REQUEST,
                "Email is not valid.",
                hint=f"Parameter `email` is {email!r}, which is not an e-mail address.",
            )
    return email


def _read_username(tenant: Tenant, connection: Connection, parameters: Parameters) -> str | None:
    username, options = parameters.get("username"), connection.options
    with tenant.trace.check("username", sent=username, required=options.needs_username):
        if username is None and options.needs_username:
            raise ConnectionRefusal(
                f"missing username for {connection.name} connection with requires_username enabled",
                hint=f"Connection {connection.name} has `options.requires_username`. Send "
                "`username`.",
            )
        if username is not None and not options.has_usernames:
            tenant.trace.advise(
                f"Parameter `username` was ignored, because connection {connection.name} has no "
                "`options.requires_username`."
            )
            return None
        mistake = mistake_in_username(connection, username) if username is not None else None
        if mistake:
            code, text = mistake
            raise AccountRefusal(
                code, text, hint=f"Parameter `username` is {username!r}. {text.rstrip('.')}."
            )
    return username


def mistake_in_username(connection: Connection, username: str) -> tuple[str, str] | None:
    """Return Auth0's code and text for a username that is refused; None for a good one."""
    validation = connection.options.validation
    length = (validation.username if validation else None) or UsernameLength()
    if len(username) > length.max:
        return (
            "invalid-username-max-length",
            f"The username must not be longer than {length.max} characters.",
        )
    if len(username) < length.min:
        return (
            "invalid-username-min-length",
            f"The username must have at least {length.min} characters.",
        )
    if not _USERNAME.fullmatch(username):
        return "invalid-username-invalid-characters", "The username has invalid characters."
    if check_email(username) is None:
        return "invalid-username-email-not-allowed", "The username cannot be an email."
    return None


def _read_metadata(tenant: Tenant, metadata: Any) -> Mapping[str, Any]:
    with tenant.trace.check("user_metadata", is_sent=metadata is not None):
        mistake = _mistake_in_metadata(metadata) if metadata is not None else ""
        if mistake:
            raise AccountRefusal(
                INVALID_REQUEST,
                "user_metadata is not valid",
                hint=f"Parameter `user_metadata` {mistake}.",
            )
    return metadata or {}


def _mistake_in_metadata(metadata: Any) -> str:
    if not isinstance(metadata, dict):
        return "is not a JSON object"
    if len(metadata) > _MAX_METADATA:
        return f"has {len(metadata)} properties, and at most {_MAX_METADATA} are allowed"
    if any(len(name) > _MAX_NAME for name in metadata):
        return f"has a property name of more than {_MAX_NAME} characters"
    if not all(isinstance(one, str) and len(one) <= _MAX_VALUE for one in metadata.values()):
        return f"has a value that is not a string of at most {_MAX_VALUE} characters"
    return ""
