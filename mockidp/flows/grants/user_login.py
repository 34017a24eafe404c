"""What all grants have in common that log in a user without a browser: audience, scope, tokens."""

from __future__ import annotations

from typing import Any

from mockidp.flows.audience import check_user_access, granted_scope
from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.hints.scopes import advise_on_scope
from mockidp.flows.login.blocked import blocked_at_password
from mockidp.flows.mfa.require import require_second_factor
from mockidp.flows.tokens.granted import Granted
from mockidp.flows.tokens.issue import issue_tokens
from mockidp.protocol.custom_claim import readable_parameters
from mockidp.protocol.scope import OPENID, PASSWORD_GRANT_SCOPES, parse_scope
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


def issue_to_user(
    request: GrantRequest, user: User, api: ResourceServer | None, *, gty: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return the body of a token response for a user who has logged in.

    Raises:
        InvalidRequest: The API's policy forbids tokens on the user's behalf.
        MfaRequired: A second factor is needed first.
    """
    tenant, client = request.tenant, request.client
    requested = parse_scope(request.parameters.get("scope"))
    if api is None and OPENID in requested:
        requested = tuple(dict.fromkeys((*PASSWORD_GRANT_SCOPES, *requested)))
    advise_on_scope(tenant, client, api, requested)
    check_user_access(tenant, client, api)
    granted = Granted(
        client=client,
        user=user,
        scope=granted_scope(tenant, client=client, user=user, api=api, requested=requested),
        api=api,
        gty=gty,
        request=readable_parameters(request.parameters),
    )
    require_second_factor(tenant, granted, requested=requested)
    return issue_tokens(tenant, request.base_url, granted, requested=requested)
