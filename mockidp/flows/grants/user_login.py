"""What all grants have in common that log in a user without a browser: audience, scope, tokens."""

from __future__ import annotations

from typing import Any

from mockidp.flows.audience import (
    UnknownAudience,
    check_user_access,
    find_api,
    granted_scope,
)
from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.hints.scopes import advise_on_scope
from mockidp.flows.login.blocked import blocked_at_password
from mockidp.flows.mfa.require import require_second_factor
from mockidp.flows.tokens.granted import Granted
from mockidp.flows.tokens.issue import issue_tokens
from mockidp.protocol.errors.oauth_error import AccessDenied
from mockidp.protocol.oauth.scope import OPENID, PASSWORD_GRANT_SCOPES, parse_scope
from mockidp.protocol.tokens.custom_claim import readable_parameters
from mockidp.resources.organization import Organization
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.user import User


def require(request: GrantRequest, name: str) -> str:
    """Return a parameter.

    Raises:
        InvalidRequest: It is absent or empty.
    """
    with request.tenant.trace.check(name, is_sent=request.parameters.get(name) is not None):
        return request.parameters.require(name)


def check_not_blocked(request: GrantRequest, user: User) -> None:
    """Check that an administrator has not blocked a user.

    Raises:
        OAuthError: The user is blocked.
    """
    request.tenant.trace.note(user=user.user_id)
    with request.tenant.trace.check("user", user=user.user_id, blocked=user.blocked):
        if user.blocked:
            raise blocked_at_password(request.tenant, f"User {user.user_id} has `blocked: true`.")


def find_api_or_deny(request: GrantRequest) -> ResourceServer | None:
    """Return the API that the parameter `audience` names; None without one.

    Raises:
        AccessDenied: There is no such API.
    """
    try:
        return find_api(request.tenant, request.base_url, request.parameters.get("audience"))
    except UnknownAudience as error:
        raise AccessDenied(
            f"Service not enabled within domain: {error.audience}", hint=error.hint
        ) from None


def issue_to_user(
    request: GrantRequest,
    user: User,
    api: ResourceServer | None,
    *,
    gty: tuple[str, ...] = (),
    organization: Organization | None = None,
) -> dict[str, Any]:
    """Return the body of a token response for a user who has logged in, to an organization if any.

    Raises:
        InvalidRequest: The API's policy forbids tokens on the user's behalf.
        MfaRequired: A second factor is needed first.
    """
    requested = parse_scope(request.parameters.get("scope"))
    if api is None and OPENID in requested:
        requested = tuple(dict.fromkeys((*PASSWORD_GRANT_SCOPES, *requested)))
    return issue_scope(
        request, user, api, requested, sent=requested, gty=gty, organization=organization
    )


def issue_scope(
    request: GrantRequest,
    user: User,
    api: ResourceServer | None,
    wanted: tuple[str, ...],
    *,
    sent: tuple[str, ...],
    gty: tuple[str, ...] = (),
    organization: Organization | None = None,
) -> dict[str, Any]:
    """Do the same for a wanted scope. The answer has `scope` if it differs from the sent one.

    Raises:
        InvalidRequest: The API's policy forbids tokens on the user's behalf.
        MfaRequired: A second factor is needed first.
    """
    tenant, client = request.tenant, request.client
    advise_on_scope(tenant, client, api, wanted)
    check_user_access(tenant, client, api)
    granted = Granted(
        client=client,
        user=user,
        scope=granted_scope(
            tenant, client=client, user=user, api=api, requested=wanted, organization=organization
        ),
        api=api,
        gty=gty,
        organization=organization,
        request=readable_parameters(request.parameters),
        certificate=request.certificate,
    )
    require_second_factor(tenant, granted, requested=sent)
    return issue_tokens(tenant, request.base_url, granted, requested=sent)
