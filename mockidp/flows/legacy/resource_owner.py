"""`/oauth/ro`: tokens for a user's name and password, or for a passwordless code.

Auth0: docs/fidelity.md, "Legacy endpoints". With an ID token in place of a password, the endpoint
verifies it with the public key of a device (Touch ID), which the Management API adds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mockidp.flows.accounts.breached import check_login_is_safe
from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.hints.known import list_known
from mockidp.flows.legacy.issue import grant, issue, read_scope
from mockidp.flows.legacy.request import (
    check_is_enabled,
    check_is_legacy,
    check_legacy_grant,
    check_not_blocked,
    find_client,
    find_connection,
    require_text,
    unsupported_strategy,
)
from mockidp.flows.legacy.second_factor import check_second_factor
from mockidp.flows.login.passwords.verify import Credentials, verify_password
from mockidp.flows.organizations.incompatible import check_needs_no_organization
from mockidp.flows.passwordless.code import CodeRejected, Recipient, take_code
from mockidp.flows.passwordless.user import verified_user
from mockidp.flows.requests.parameters import check_parameters
from mockidp.flows.sessions.login_count import count_login
from mockidp.frozen import replace
from mockidp.protocol.errors.oauth_error import (
    InvalidGrant,
    InvalidUserPassword,
    PasswordLeaked,
    TooManyAttempts,
    UnsupportedGrantType,
)
from mockidp.protocol.errors.refusal_texts import (
    ACCOUNT_BLOCKED,
    PASSWORD_LEAKED,
    WRONG_PASSWORD,
)
from mockidp.protocol.oauth.grant_types import JWT_BEARER, LEGACY_RO, LEGACY_RO_JWT_BEARER, PASSWORD
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.request_parameters.legacy import RESOURCE_OWNER
from mockidp.resources.connection import Connection
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

PATH = "/oauth/ro"
FLAG = "allow_legacy_ro_grant_types"


def resource_owner(
    tenant: Tenant, base_url: str, parameters: Parameters, *, address: str
) -> dict[str, Any]:
    """Return the body of a token response.

    Args:
        tenant: The tenant.
        base_url: The URL of the tenant at which the request came in.
        parameters: The parameters.
        address: The IP address that sent the request.

    Raises:
        OAuthError: The request is refused.
    """
    check_is_enabled(tenant, PATH, FLAG)
    client = find_client(tenant, parameters)
    check_is_legacy(tenant, client, PATH)
    exchange = _choose_grant(tenant, require_text(tenant, parameters, "grant_type"))
    check_parameters(tenant, RESOURCE_OWNER, parameters)
    return exchange(
        GrantRequest(
            tenant=tenant, base_url=base_url, client=client, parameters=parameters, address=address
        )
    )


def _choose_grant(tenant: Tenant, grant_type: str) -> Callable[[GrantRequest], dict[str, Any]]:
    tenant.trace.note(grant=grant_type)
    with tenant.trace.check("grant_type", sent=grant_type, known=list(_GRANTS)):
        exchange = _GRANTS.get(grant_type)
        if exchange is None:
            raise UnsupportedGrantType(
                f"Unsupported grant type: {grant_type}",
                hint=f"Parameter `grant_type` is {grant_type!r}. "
                + list_known("grant types of /oauth/ro", grant_type, _GRANTS),
            )
    return exchange


def _by_password(request: GrantRequest) -> dict[str, Any]:
    """Return tokens for a user whose password or code is right."""
    tenant, client, parameters = request.tenant, request.client, request.parameters
    check_legacy_grant(tenant, client, LEGACY_RO)
    check_needs_no_organization(tenant, client, "resource owner")
    username = require_text(tenant, parameters, "username")
    password = require_text(tenant, parameters, "password")
    connection = find_connection(tenant, client, require_text(tenant, parameters, "connection"))
    requested = read_scope(request)
    user = count_login(tenant, _verify(request, connection, username, password))
    check_not_blocked(tenant, user)
    amr = check_second_factor(tenant, user, parameters)
    return issue(request, replace(grant(request, client, user, requested), amr=amr))


def _verify(request: GrantRequest, connection: Connection, username: str, secret: str) -> User:
    """Return the user whose password was sent, or the code that was sent to them."""
    tenant = request.tenant
    if connection.is_passwordless:
        address = username.strip().lower()
        recipient = Recipient(client=request.client, connection=connection, address=address)
        try:
            take_code(tenant, recipient, secret)
        except CodeRejected as error:
            raise InvalidUserPassword(error.description, hint=error.hint) from None
        return verified_user(tenant, connection, address)
    with tenant.trace.check("strategy", strategy=connection.strategy):
        if not connection.accepts_passwords:
            raise unsupported_strategy(connection, "connections with passwords, email and sms")
    user = verify_password(
        tenant,
        Credentials(
            username=username,
            password=secret,
            connections=(connection.name,),
            address=request.address,
        ),
        blocked=lambda hint: TooManyAttempts(ACCOUNT_BLOCKED, hint=hint),
        wrong=lambda hint: InvalidUserPassword(WRONG_PASSWORD, hint=hint),
    )
    check_login_is_safe(
        tenant,
        request.base_url,
        user,
        secret,
        client_id=request.client.client_id,
        leaked=lambda hint: PasswordLeaked(PASSWORD_LEAKED, hint=hint),
    )
    return user


def _by_id_token(request: GrantRequest) -> dict[str, Any]:
    """Refuse an ID token, because the keys of devices are only stored."""
    tenant, parameters = request.tenant, request.parameters
    check_legacy_grant(tenant, request.client, LEGACY_RO_JWT_BEARER)
    device = require_text(tenant, parameters, "device")
    require_text(tenant, parameters, "id_token")
    with tenant.trace.check("id_token", device=device):
        raise InvalidGrant(
            "invalid signature",
            status=400,
            hint=f"Auth0 verifies this ID token with the public key of the device {device!r}, "
            "which the Management API adds (Touch ID). Here, such keys are only stored. Log in "
            "with a password.",
        )


_GRANTS: Mapping[str, Callable[[GrantRequest], dict[str, Any]]] = {
    PASSWORD: _by_password,
    JWT_BEARER: _by_id_token,
}
