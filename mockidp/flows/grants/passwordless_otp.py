"""Issue tokens for a code that was sent to an e-mail address or phone number.

Auth0: grant type `http://auth0.com/oauth/grant-type/passwordless/otp`; scope and audience as in
the password grant.
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.audience import UnknownAudience, find_api
from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.grants.user_login import check_not_blocked, issue_to_user, require
from mockidp.flows.organizations.incompatible import check_needs_no_organization
from mockidp.flows.passwordless.code import Recipient, take_code
from mockidp.flows.passwordless.user import verified_user
from mockidp.protocol.oauth_error import AccessDenied, InvalidRequest
from mockidp.resources.connection import Connection
from mockidp.resources.resource_server import ResourceServer


def exchange(request: GrantRequest) -> dict[str, Any]:
    """Return tokens for a person whose code is right. The code is used up."""
    username, otp = require(request, "username"), require(request, "otp")
    check_needs_no_organization(request.tenant, request.client, "passwordless")
    connection = _find_connection(request)
    address = username.strip().lower()
    recipient = Recipient(client=request.client, connection=connection, address=address)
    api = _find_api(request)
    take_code(request.tenant, recipient, otp)
    user = verified_user(request.tenant, connection, address)
    check_not_blocked(request, user)
    return issue_to_user(request, user, api)


def _find_connection(request: GrantRequest) -> Connection:
    """Return the passwordless connection that `realm` names."""
    directory, client = request.tenant.directory, request.client
    enabled = directory.connections_for(client)
    with request.tenant.trace.check("realm", sent=request.parameters.get("realm"), enabled=enabled):
        realm = request.parameters.require("realm")
        connection = directory.connection(realm) if realm in enabled else None
        if connection is None:
            raise InvalidRequest(
                f"Unknown realm {realm}.",
                hint=f"No connection {realm!r} is enabled for client {client.client_id}.",
            )
        if not connection.is_passwordless:
            raise InvalidRequest(
                "invalid connection specified for passwordless grant",
                hint=f"Connection {realm} has the strategy {connection.strategy}. Only the "
                "strategies email and sms are passwordless.",
            )
    return connection


def _find_api(request: GrantRequest) -> ResourceServer | None:
    try:
        return find_api(request.tenant, request.base_url, request.parameters.get("audience"))
    except UnknownAudience as error:
        raise AccessDenied(
            f"Service not enabled within domain: {error.audience}", hint=error.hint
        ) from None
