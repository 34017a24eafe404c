"""Issue tokens for a user's name and password: `password` and `password-realm`.

Spec: RFC 6749 4.3.
Auth0: one error for unknown users and wrong passwords. Without a realm, the tenant's
default directory is used.
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.audience import UnknownAudience, find_api
from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.grants.user_login import check_not_blocked, issue_to_user, require
from mockidp.flows.login.connection import NO_CONNECTIONS, why_no_password
from mockidp.flows.login.password import Credentials, verify_password
from mockidp.flows.organizations.incompatible import check_needs_no_organization
from mockidp.protocol.grant_types import PASSWORD_REALM
from mockidp.protocol.oauth_error import InvalidGrant, InvalidRequest, ServerError, TooManyAttempts
from mockidp.protocol.refusal_texts import ACCOUNT_BLOCKED, WRONG_PASSWORD
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.user import User
from mockidp.tenant.directory import Directory


def exchange(request: GrantRequest) -> dict[str, Any]:
    """Return tokens for a user whose password is right."""
    username, password = require(request, "username"), require(request, "password")
    check_needs_no_organization(request.tenant, request.client, "password")
    connection = _find_connection(request)
    api = _find_api(request)
    user = _check_password(request, connection, username, password)
    return issue_to_user(request, user, api, gty=("password",))


def _find_connection(request: GrantRequest) -> str:
    """Return the user's connection: the realm, or the tenant's default directory."""
    default = request.tenant.directory.configuration.tenant.default_directory
    sent = request.parameters.get("realm")
    with request.tenant.trace.check("realm", sent=sent, default_directory=default):
        return _connection(request, default)


def _connection(request: GrantRequest, default: str | None) -> str:
    directory = request.tenant.directory
    if request.parameters.get("grant_type") == PASSWORD_REALM:
        realm = request.parameters.require("realm")
        if realm not in directory.connections_for(request.client):
            raise InvalidRequest(
                f"Unknown realm {realm}.",
                hint=f"No connection {realm!r} is enabled for client {request.client.client_id}.",
            )
        if hint := why_no_password(directory, [realm]):
            raise InvalidRequest(
                "invalid connection specified for password grant",
                hint=f"{hint} Log in at /authorize?connection={realm} instead.",
            )
        return realm
    if hint := _why_no_default(directory, default):
        raise ServerError(
            "Authorization server not configured with default connection.",
            hint=f"{hint} Set `tenant.default_directory` to a database connection, or use grant "
            "type password-realm.",
        )
    if default not in directory.connections_for(request.client):
        raise InvalidRequest(
            NO_CONNECTIONS,
            hint=f"Connection {default!r}, the `tenant.default_directory`, is not enabled for "
            f"client {request.client.client_id}. Add the client to its `enabled_clients`.",
        )
    return str(default)


def _why_no_default(directory: Directory, default: str | None) -> str:
    if not default:
        return "The tenant has no `default_directory`."
    if default not in directory.connections:
        return f"Setting `tenant.default_directory` is {default!r}, but no such connection exists."
    if hint := why_no_password(directory, [default]):
        return f"Setting `tenant.default_directory` is {default!r}. {hint}"
    return ""


def _find_api(request: GrantRequest) -> ResourceServer | None:
    try:
        return find_api(request.tenant, request.base_url, request.parameters.get("audience"))
    except UnknownAudience as error:
        raise InvalidRequest(
            "invalid audience specified for password grant exchange", hint=error.hint
        ) from None


def _check_password(request: GrantRequest, connection: str, username: str, password: str) -> User:
    user = verify_password(
        request.tenant,
        Credentials(
            username=username,
            password=password,
            connections=(connection,),
            address=request.address,
        ),
        blocked=lambda hint: TooManyAttempts(ACCOUNT_BLOCKED, hint=hint),
        wrong=lambda hint: InvalidGrant(WRONG_PASSWORD, hint=hint),
    )
    check_not_blocked(request, user)
    return user
