"""`/passwordless/start`: send a code or a link to an e-mail address or phone number.

Auth0: `docs/fidelity.md`, "Passwordless".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.flows.passwordless.code import Recipient
from mockidp.flows.passwordless.request import (
    check_client_authentication,
    check_properties,
    find_client,
    find_connection,
    read_recipient,
    read_text,
)
from mockidp.flows.passwordless.send import send_code, send_link
from mockidp.protocol.login.passwordless import BadPropertyError, wrong_type
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.request_parameters.passwordless import PASSWORDLESS_START
from mockidp.resources.connection import Connection
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

_AUTH_PARAMS = "authParams"


def start_passwordless(
    tenant: Tenant, base_url: str, parameters: Parameters, *, language: str | None
) -> dict[str, Any]:
    """Send a code or a link. Return the body of the response, in Auth0's key order.

    Args:
        tenant: The tenant.
        base_url: The URL of the tenant at which the request came in.
        parameters: The body.
        language: The header `x-request-language`.

    Raises:
        OAuthError: The request is refused.
    """
    client = find_client(tenant, parameters)
    check_client_authentication(tenant, base_url, client, parameters)
    connection = find_connection(tenant, client, parameters)
    check_properties(tenant, PASSWORDLESS_START, connection, parameters)
    recipient = Recipient(
        client=client,
        connection=connection,
        address=read_recipient(tenant, connection, parameters),
    )
    auth_params = _read_auth_params(tenant, parameters)
    if _sends_link(tenant, connection, parameters):
        user = send_link(tenant, base_url, recipient, auth_params)
    else:
        user = send_code(tenant, recipient)
    return _response(recipient, user, language)


def _sends_link(tenant: Tenant, connection: Connection, parameters: Parameters) -> bool:
    """Return whether a link is sent. Auth0: the default for e-mail, and never in a text message."""
    with tenant.trace.check("send", sent=parameters.raw().get("send")):
        send = read_text(parameters, "send")
        if send not in (None, "code", "link"):
            raise BadPropertyError(
                "send",
                f"error in send - No enum match for: {send}",
                hint=f"Property `send` is {send!r}. Send `code` or `link`.",
            )
    if send == "link" and not connection.is_email:
        tenant.trace.advise(
            f"Property `send` is link, but connection {connection.name} sends text messages, and "
            "Auth0 sends links only by e-mail. A code was sent."
        )
    return connection.is_email and send != "code"


def _read_auth_params(tenant: Tenant, parameters: Parameters) -> Mapping[str, Any]:
    sent = parameters.raw().get(_AUTH_PARAMS)
    with tenant.trace.check(_AUTH_PARAMS, is_sent=sent is not None):
        if sent is None:
            return {}
        if not isinstance(sent, Mapping):
            raise wrong_type(_AUTH_PARAMS, sent, "object")
        return sent


def _response(recipient: Recipient, user: User, language: str | None) -> dict[str, Any]:
    bare_id = user.user_id.partition("|")[2]
    if recipient.connection.is_email:
        return {
            "_id": bare_id,
            "email": recipient.address,
            "email_verified": user.email_verified,
        }
    return {
        "_id": bare_id,
        "phone_number": recipient.address,
        "phone_verified": user.phone_verified,
        "request_language": language,
    }
