"""The hosted login: from the page back to the client.

A login transaction waits under its `state`. `/u/login` puts a session to it, `/u/consent` a
consent where one is needed, and `/authorize/resume` ends it with a response to the client.

Auth0: a transaction that is lost is told on a page, in one long sentence.
"""

from __future__ import annotations

from dataclasses import replace

from mockidp.flows.authorization.authorize import make_response
from mockidp.flows.authorization.response import error_response, reply_to_request
from mockidp.flows.consent import needs_consent, remember_consent
from mockidp.protocol.artifacts import AuthorizationRequest, LoginTransaction, Session
from mockidp.protocol.oauth_error import AccessDenied, InvalidRequest, OAuthError
from mockidp.protocol.response_mode import AuthorizationResponse
from mockidp.resources.client import Client
from mockidp.storage.store import replace_value
from mockidp.tenant.tenant import Tenant

LOST_STATE = (
    "You may have pressed the back button, refreshed during login, opened too many login dialogs, "
    "or there is some issue with cookies, since we couldn't find your session. Try logging in "
    "again from the application and if the problem persists please contact the administrator."
)


def find_login(tenant: Tenant, state: str | None) -> LoginTransaction:
    """Return the login that waits under a state.

    Raises:
        InvalidRequest: There is none, or it has ended.
    """
    login = tenant.logins.get(state) if state else None
    with tenant.trace.check("state", sent=state):
        if login is None:
            raise lost(_why_lost(tenant, state))
    tenant.trace.note(client=login.request.client_id)
    return login


def _why_lost(tenant: Tenant, state: str | None) -> str:
    if not state or tenant.logins.history(state) is None:
        return "`state` names no login of this tenant: it is from before a restart, or was changed"
    return (
        "this login was already finished, or its page was left open for longer than the setting "
        "login_lifetime"
    )


def lost(hint: str) -> InvalidRequest:
    """Return Auth0's refusal for a login that cannot go on."""
    return InvalidRequest(LOST_STATE, hint=hint)


def login_client(tenant: Tenant, login: LoginTransaction) -> Client:
    """Return the client that a person logs in to.

    Raises:
        InvalidRequest: It was removed while the page was open.
    """
    client_id = login.request.client_id
    client = tenant.directory.client(client_id)
    with tenant.trace.check("client_id", waiting=client_id):
        if client is None:
            raise lost(f"client {client_id} was removed while the page was open")
    return client


def deny(tenant: Tenant, login: LoginTransaction) -> AuthorizationResponse:
    """End a login that the person gave up."""
    error = AccessDenied(
        "User has canceled the interaction.", hint="the deny button of the page was pressed"
    )
    tenant.trace.refuse("login", error, action="deny")
    return _refuse(tenant, login, error)


def decline(tenant: Tenant, login: LoginTransaction) -> AuthorizationResponse:
    """End a login whose person did not consent."""
    error = AccessDenied("User did not authorize the request", hint="the consent page was declined")
    tenant.trace.refuse("consent", error, accepted=False)
    return _refuse(tenant, login, error)


def accept(tenant: Tenant, login: LoginTransaction, session: Session | None) -> None:
    """Remember that the person allows the client what it asks for.

    Raises:
        InvalidRequest: The browser is not the one that logged in.
    """
    owner = check_owner(tenant, login, session)
    request = login.request
    remember_consent(tenant, owner.user_id, request)
    settled = replace(request, prompt=tuple(p for p in request.prompt if p != "consent"))
    move_on(tenant, login, replace(login, request=settled))


def waits_for_consent(tenant: Tenant, login: LoginTransaction, session: Session | None) -> bool:
    """Return whether the consent page comes before the end.

    Raises:
        InvalidRequest: The browser is not the one that logged in.
    """
    owner = check_owner(tenant, login, session)
    return needs_consent(tenant, login_client(tenant, login), owner.user_id, login.request)


def resume(
    tenant: Tenant, base_url: str, login: LoginTransaction, session: Session | None
) -> AuthorizationResponse:
    """End a login with a code for the client, or with the reason why there is none.

    Raises:
        InvalidRequest: The browser is not the one that logged in, or the login was ended before.
    """
    owner = check_owner(tenant, login, session)
    with tenant.trace.check("state", sent=login.state):
        if tenant.logins.take(login.state) != login:
            raise lost("another request went on with this login, or finished it, at the same time")
    try:
        return make_response(tenant, base_url, login.request, owner)
    except OAuthError as error:
        return _answer(login.request, error)


def check_owner(tenant: Tenant, login: LoginTransaction, session: Session | None) -> Session:
    """Return the session that logged in here.

    Raises:
        InvalidRequest: The browser has none, or another.
    """
    logged_in, came = login.session_id is not None, session is not None
    with tenant.trace.check("session", logged_in=logged_in, came=came):
        if login.session_id is None:
            raise lost("nobody has logged in on this login's page yet")
        if session is None or session.id != login.session_id:
            raise lost("the browser's session cookie is missing, or not the one of this login")
    tenant.trace.note(user=session.user_id)
    return session


def move_on(tenant: Tenant, login: LoginTransaction, moved: LoginTransaction) -> None:
    """Replace a login that waits; one that was finished meanwhile stays finished.

    Raises:
        InvalidRequest: Another request was quicker.
    """
    expires_at = tenant.now() + tenant.settings.login_lifetime
    with tenant.trace.check("state", sent=login.state):
        if not replace_value(tenant.logins, login.state, login, moved, expires_at=expires_at):
            raise lost("another request went on with this login, or finished it, at the same time")


def _refuse(tenant: Tenant, login: LoginTransaction, error: OAuthError) -> AuthorizationResponse:
    tenant.logins.take(login.state)
    return _answer(login.request, error)


def _answer(request: AuthorizationRequest, error: OAuthError) -> AuthorizationResponse:
    return error_response(error, reply_to_request(request))
