"""Answer an authorization request with a sign-in that a test has prepared."""

from __future__ import annotations

from mockidp.flows.login import pick_organization, select_organization
from mockidp.flows.login.consent import remember_consent
from mockidp.flows.login.second_factor.step import amr_without_pages
from mockidp.flows.login.transaction import new_login
from mockidp.flows.organizations.requested import asks_after_login, asks_before_login
from mockidp.flows.sessions.session import start_session
from mockidp.frozen import replace
from mockidp.protocol.errors.oauth_error import InteractionRequired
from mockidp.protocol.tokens.artifacts import AuthorizationRequest, LoginTransaction, Session
from mockidp.resources.client import Client
from mockidp.tenant.state.sign_ins import SignIn
from mockidp.tenant.tenant import Tenant


def answer_sign_in(
    tenant: Tenant, client: Client, request: AuthorizationRequest
) -> tuple[LoginTransaction, Session] | None:
    """Return the login and the session of the prepared user, who consents to all scopes.

    A second factor that the request needs counts as passed.

    Return `None` if no sign-in is prepared for the client.

    Raises:
        OAuthError: The user cannot log in to the organization, or would have to choose one.
    """
    sign_in = tenant.sign_ins.take(request.client_id)
    user = tenant.directory.user(sign_in.user_id) if sign_in else None
    if sign_in is None or user is None:
        return None
    login = replace(
        new_login(request, None),
        user_id=user.user_id,
        has_consented=True,
        organization_id=_organization_id(tenant, client, request, sign_in),
    )
    _check_organization(tenant, client, login)
    remember_consent(tenant, user.user_id, request)
    amr = amr_without_pages(tenant, user, request)
    return login, start_session(tenant, request.base_url, user, amr=amr)


def _organization_id(
    tenant: Tenant, client: Client, request: AuthorizationRequest, sign_in: SignIn
) -> str | None:
    """Return the requested organization, or the one that the prepared user would choose."""
    prepared = sign_in.organization_id
    if request.organization_id is None and (asks_before_login(client) or asks_after_login(client)):
        return prepared
    if prepared not in (None, request.organization_id):
        tenant.trace.advise(
            f"The sign-in was prepared for organization {prepared}, but the request is for "
            f"{request.organization_id or 'none'}, which was used."
        )
    return request.organization_id


def _check_organization(tenant: Tenant, client: Client, login: LoginTransaction) -> None:
    steps = (select_organization, pick_organization)
    pending = any(step.is_pending(tenant, client, login) for step in steps)
    with tenant.trace.check("organization", chosen=login.organization_id, pending=pending):
        if pending:
            raise InteractionRequired(
                "Interaction required",
                hint="The prepared user would have to choose an organization. Name it: "
                f"`idp.sign_in_as({login.user_id!r}, organization=...)`.",
            )
