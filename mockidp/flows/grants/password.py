"""Issue tokens for a user's name and password: `password` and `password-realm`.

Spec: RFC 6749 4.3.
Auth0: one error for unknown users and wrong passwords. Without a realm, the tenant's
default directory is used.
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.accounts.breached import check_login_is_safe
from mockidp.flows.audience import UnknownAudience, find_api
from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.grants.user_login import check_not_blocked, issue_to_user, require
from mockidp.flows.login.passwords.realm import default_database_of, password_realm
from mockidp.flows.login.passwords.verify import Credentials, verify_password
from mockidp.flows.organizations.incompatible import check_needs_no_organization
from mockidp.flows.sessions.login_count import count_login
from mockidp.protocol.errors.oauth_error import (
    InvalidGrant,
    InvalidRequest,
    PasswordLeaked,
    TooManyAttempts,
)
from mockidp.protocol.errors.refusal_texts import ACCOUNT_BLOCKED, PASSWORD_LEAKED, WRONG_PASSWORD
from mockidp.protocol.oauth.grant_types import PASSWORD_REALM
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.user import User


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
    if request.parameters.get("grant_type") == PASSWORD_REALM:
        return password_realm(request.tenant, request.client, require(request, "realm"))
    return default_database_of(request.tenant, request.client)


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
    check_login_is_safe(
        request.tenant,
        request.base_url,
        user,
        password,
        client_id=request.client.client_id,
        leaked=lambda hint: PasswordLeaked(PASSWORD_LEAKED, hint=hint),
    )
    user = count_login(request.tenant, user)
    check_not_blocked(request, user)
    return user
