"""The end of a login: a response for the client, or the step that the person has to take first."""

from __future__ import annotations

from mockidp.flows.audience import find_api
from mockidp.flows.authorization.response import Approval, make_authorization_response
from mockidp.flows.device.decide import approve_device
from mockidp.flows.login.blocked import blocked_at_callback
from mockidp.flows.login.pick_organization import enter_organization
from mockidp.flows.login.steps import LoginStep, next_step
from mockidp.flows.login.transaction import check_owner, end_login, login_client, refuse_login
from mockidp.flows.sessions.session import add_used_client
from mockidp.protocol.errors.oauth_error import InvalidRequest, LoginRequired, OAuthError
from mockidp.protocol.errors.refusal_texts import LOGIN_REQUIRED
from mockidp.protocol.oauth.response_mode import AuthorizationResponse
from mockidp.protocol.oauth.response_type import CODE
from mockidp.protocol.tokens.artifacts import AuthorizationRequest, LoginTransaction, Session
from mockidp.resources.client import Client
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant


def resume(
    tenant: Tenant, base_url: str, login: LoginTransaction, session: Session | None
) -> AuthorizationResponse | LoginStep:
    """Return the first pending step; if no step is pending, end the login with a response.

    Raises:
        InvalidRequest: The browser is not the one that logged in, or the login was ended or its
            client removed before.
    """
    owner, client = check_owner(tenant, login, session), login_client(tenant, login)
    try:
        step = next_step(tenant, client, login)
    except OAuthError as error:
        return refuse_login(tenant, login, error)
    if step is not None:
        return step
    end_login(tenant, login)
    try:
        if login.device_code is not None:
            approval = approve_request(tenant, base_url, login, owner)
            return approve_device(tenant, login.device_code, approval)
        return respond(tenant, base_url, login, owner)
    except OAuthError as error:
        return refuse_login(tenant, login, error)


def respond(
    tenant: Tenant, base_url: str, login: LoginTransaction, session: Session
) -> AuthorizationResponse:
    """Return the response that a session entitles the client to, after all steps of the login.

    Raises:
        OAuthError: The user is blocked, or the response would be too large.
    """
    approval, request = approve_request(tenant, base_url, login, session), login.request
    if request.response_type != CODE:
        method = request.challenge.method if request.challenge else None
        tenant.trace.note(nonce=request.nonce is not None, pkce=method)
    return make_authorization_response(tenant, base_url, approval)


def approve_request(
    tenant: Tenant, base_url: str, login: LoginTransaction, session: Session
) -> Approval:
    """Return the approval of a request by the user of a session, after all steps of the login.

    Raises:
        OAuthError: The user is blocked, or client or user were removed.
    """
    request = login.request
    client, user = _find_both(tenant, request, session)
    _check_subject(tenant, request, user)
    add_used_client(tenant, session.id, client.client_id)
    return Approval(
        request=request,
        client=client,
        user=user,
        api=find_api(tenant, base_url, request.audience),
        session=session,
        organization=enter_organization(tenant, client, login, user),
        extra_claims=login.answer.claims,
    )


def _check_subject(tenant: Tenant, request: AuthorizationRequest, user: User) -> None:
    """Check that the user is the one whom the request is for (OpenID Connect Core 3.1.2.2)."""
    wanted = request.subject
    if wanted is None:
        return
    with tenant.trace.check("subject", wanted=wanted, user=user.user_id):
        if user.user_id != wanted:
            raise LoginRequired(
                LOGIN_REQUIRED,
                hint=f"The request is for user {wanted} (`id_token_hint`, or `sub` in `claims`), "
                f"but {user.user_id} logged in.",
            )


def _find_both(
    tenant: Tenant, request: AuthorizationRequest, session: Session
) -> tuple[Client, User]:
    """Return client and user, who may have been removed while a page was open."""
    tenant.trace.note(user=session.user_id)
    client = tenant.directory.client(request.client_id)
    user = tenant.directory.user(session.user_id)
    with tenant.trace.check("user", user=session.user_id, blocked=bool(user and user.blocked)):
        if client is None or user is None:
            raise InvalidRequest(
                f"Unknown client: {request.client_id}",
                hint="The client or the user was removed during the login.",
            )
        if user.blocked:
            raise blocked_at_callback(f"User {user.user_id} has `blocked: true`.")
    return client, user
