"""Exchange a token of another issuer for tokens of the tenant: `token-exchange`.

Spec: RFC 8693 2.
Auth0: Custom Token Exchange (docs/fidelity.md, "/oauth/token"). Access tokens are exchanged on
behalf of their users instead (`on_behalf_of`), and those of SDKs log users in (`native_social`).
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.audience import check_user_access, find_api, granted_scope
from mockidp.flows.exchange.profile import check_client, find_profile
from mockidp.flows.exchange.subject_token import find_user
from mockidp.flows.grants import native_social, on_behalf_of
from mockidp.flows.grants.consent import check_consent
from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.grants.user_login import check_not_blocked, require
from mockidp.flows.hints.scopes import advise_on_scope
from mockidp.flows.mfa.policy import demand_second_factor
from mockidp.flows.mfa.require import require_second_factor
from mockidp.flows.organizations.exchanged import organization_of_exchange
from mockidp.flows.sessions.login_count import count_login
from mockidp.flows.tokens.granted import Granted
from mockidp.flows.tokens.issue import issue_tokens
from mockidp.frozen import replace
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.login.native_social import BY_KIND
from mockidp.protocol.oauth.scope import OFFLINE_ACCESS, parse_scope
from mockidp.protocol.tokens.custom_claim import is_secret_parameter, readable_parameters
from mockidp.protocol.tokens.token_exchange import ACCESS_TOKEN, TokenExchange

_NO_MFA = "MFA is not supported using actor_token with the requested token exchange profile"


def exchange(request: GrantRequest) -> dict[str, Any]:
    """Return tokens for the user whom a subject token identifies."""
    kind = request.parameters.get("subject_token_type") or ""
    if kind == ACCESS_TOKEN:
        return on_behalf_of.exchange(request)
    if provider := BY_KIND.get(kind):
        return native_social.exchange(request, provider)
    return _exchange_by_profile(request)


def _exchange_by_profile(request: GrantRequest) -> dict[str, Any]:
    tenant, client = request.tenant, request.client
    wanted = _read(request)
    check_client(tenant, client)
    api = find_api(tenant, request.base_url, wanted.audience)
    user = count_login(tenant, find_user(tenant, wanted))
    check_not_blocked(request, user)
    organization = organization_of_exchange(tenant, client, user, wanted.organization)
    advise_on_scope(tenant, client, api, wanted.scope)
    check_user_access(tenant, client, api)
    check_consent(request, api)
    scope = granted_scope(
        tenant,
        client=client,
        user=user,
        api=api,
        requested=wanted.scope,
        organization=organization,
    )
    granted = Granted(
        client=client,
        user=user,
        scope=scope,
        api=api,
        organization=organization,
        actor=wanted.actor,
        request=readable_parameters(request.parameters),
        certificate=request.certificate,
    )
    if wanted.actor is not None:
        granted = _without_refresh_token(request, granted)
    _check_second_factor(request, granted, wanted.scope)
    body = issue_tokens(tenant, request.base_url, granted, requested=wanted.scope)
    return body | {"issued_token_type": ACCESS_TOKEN}


def _read(request: GrantRequest) -> TokenExchange:
    """Return the request, whose parameters are complete and name a profile."""
    parameters, check = request.parameters, request.tenant.trace.check
    subject_token = require(request, "subject_token")
    with check("actor_token", is_sent=parameters.get("actor_token") is not None):
        for one, other in (
            ("actor_token", "actor_token_type"),
            ("actor_token_type", "actor_token"),
        ):
            if parameters.get(one) is not None:
                parameters.require(other)
    profile = find_profile(request.tenant, parameters)
    return TokenExchange(
        profile=profile.name,
        subject_token=subject_token,
        subject_token_type=profile.subject_token_type,
        actor_token=parameters.get("actor_token"),
        actor_token_type=parameters.get("actor_token_type"),
        client_id=request.client.client_id,
        audience=parameters.get("audience"),
        scope=parse_scope(parameters.get("scope")),
        organization=parameters.get("organization"),
        parameters={
            name: value
            for name, value in parameters.raw().items()
            if isinstance(value, str) and not is_secret_parameter(name)
        },
    )


def _check_second_factor(
    request: GrantRequest, granted: Granted, requested: tuple[str, ...]
) -> None:
    """Require a second factor, which Auth0 does not support for an actor or an organization."""
    tenant, user = request.tenant, granted.user
    if granted.actor is None and granted.organization is None:
        require_second_factor(tenant, granted, requested=requested)
        return
    audience = granted.api.identifier if granted.api else None
    demand = demand_second_factor(tenant, user, audience=audience)
    with tenant.trace.check("second_factor", is_needed=demand is not None):
        if demand is not None:
            of = "an actor" if granted.actor is not None else "an organization"
            raise InvalidRequest(
                _NO_MFA,
                hint=f"{demand.why} Auth0 supports no second factor in a token exchange with {of}.",
            )


def _without_refresh_token(request: GrantRequest, granted: Granted) -> Granted:
    """Return a grant without `offline_access`: Auth0 issues no refresh token with an actor."""
    if OFFLINE_ACCESS not in granted.scope:
        return granted
    request.tenant.trace.advise(
        "No refresh token was issued, because the exchange has an actor. Auth0 issues none either."
    )
    return replace(granted, scope=tuple(one for one in granted.scope if one != OFFLINE_ACCESS))
