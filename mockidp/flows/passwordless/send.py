"""Send a code or a link to a person: a message in the outbox.

Auth0: the user is created with the first login, unless the connection allows no sign-up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from mockidp.flows.passwordless.code import Recipient, make_code
from mockidp.flows.passwordless.user import signup_hint, user_or_new
from mockidp.flows.requests.other_domain import mail_url
from mockidp.protocol.login.passwordless import (
    SIGNUP_DISABLED,
    BadPropertyError,
    recipient_property,
)
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

VERIFY_REDIRECT = "/passwordless/verify_redirect"
_LINK_DEFAULTS = {"scope": "openid", "response_type": "token"}
"""The parameters of a link that neither its request nor its connection has."""


def send_code(tenant: Tenant, recipient: Recipient) -> User:
    """Send a code. Return the user, who may not be stored yet.

    Raises:
        BadPropertyError: There is no such user, and the connection allows no sign-up.
    """
    user, code = _begin(tenant, recipient)
    _send(tenant, recipient, user, text=f"Your verification code is: {code}", code=code)
    return user


def send_link(
    tenant: Tenant, base_url: str, recipient: Recipient, parameters: Mapping[str, Any]
) -> User:
    """Send a link, which logs in the browser that opens it. Return the user as `send_code` does.

    Raises:
        BadPropertyError: As `send_code`.
    """
    user, code = _begin(tenant, recipient)
    connection = recipient.connection
    given = _LINK_DEFAULTS | dict(connection.options.authParams) | dict(parameters)
    query = {name: _text(value) for name, value in given.items() if value is not None} | {
        "client_id": recipient.client.client_id,
        "connection": connection.name,
        recipient_property(connection): recipient.address,
        "verification_code": code,
    }
    link = f"{mail_url(tenant, base_url)}{VERIFY_REDIRECT}?{urlencode(query, quote_via=quote)}"
    name = recipient.client.name or recipient.client.client_id
    _send(tenant, recipient, user, text=f"Open this link to log in to {name}: {link}", link=link)
    return user


def _begin(tenant: Tenant, recipient: Recipient) -> tuple[User, str]:
    connection, address = recipient.connection, recipient.address
    user = user_or_new(tenant, connection, address)
    is_new = user.user_id not in tenant.directory.users
    is_disabled = connection.options.disable_signup
    with tenant.trace.check("signup", is_new=is_new, disabled=is_disabled):
        if is_new and is_disabled:
            raise BadPropertyError(
                "connection", SIGNUP_DISABLED, hint=signup_hint(connection, address)
            )
    tenant.trace.note(user=user.user_id)
    return user, make_code(tenant, recipient)


def _send(
    tenant: Tenant,
    recipient: Recipient,
    user: User,
    *,
    text: str,
    code: str | None = None,
    link: str | None = None,
) -> None:
    client, strategy = recipient.client, recipient.connection.strategy
    subject = f"Welcome to {client.name or client.client_id}"
    tenant.outbox.send(
        to=recipient.address,
        kind=f"passwordless_{strategy}",
        subject=subject if recipient.connection.is_email else "",
        text=text,
        code=code,
        link=link,
        user_id=user.user_id,
        client_id=client.client_id,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
