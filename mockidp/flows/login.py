"""The hosted login: from the page back to the client.

A login transaction waits under its `state`. `/u/login` puts a session to it, `/u/consent` a
consent where one is needed, and `/authorize/resume` ends it with a response to the client.

Auth0: a transaction that is lost is told on a page, in one long sentence.
"""

from __future__ import annotations

from dataclasses import replace

from mockidp.flows.authorization_response import error_response, reply_to_request
from mockidp.flows.authorize import make_response
from mockidp.flows.connection import why_no_password
from mockidp.flows.consent import needs_consent, remember_consent
from mockidp.flows.grants.password import password_mismatch
from mockidp.flows.page_errors import (
    NO_FIELD,
    NO_PASSWORD,
    NO_USERNAME,
    USER_NOT_OFFERED,
    WRONG_CREDENTIALS,
    WRONG_EMAIL_CREDENTIALS,
    LoginPageError,
)
from mockidp.flows.sessions import start_session
from mockidp.protocol.artifacts import AuthorizationRequest, LoginTransaction, Session
from mockidp.protocol.client import Client
from mockidp.protocol.oauth_error import AccessDenied, InvalidRequest, OAuthError
from mockidp.protocol.response_mode import AuthorizationResponse
from mockidp.protocol.user import User
from mockidp.tenant.no_users import why_nobody
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


def choices(tenant: Tenant, login: LoginTransaction) -> list[User]:
    """Return the users that the page offers for one click."""
    connections = _connections(tenant, login)
    return [user for user in tenant.directory.users.values() if user.connection in connections]


def hint_for_page(tenant: Tenant, login: LoginTransaction) -> str:
    """Say that nobody can log in with a password on the page; an empty text if somebody can."""
    if nobody := why_nobody(tenant.directory.document):
        return nobody
    hint = why_no_password(tenant.directory, _connections(tenant, login))
    return hint and f"{hint}: pick a user of the list, as if the identity provider had sent them"


def requires_username(tenant: Tenant, login: LoginTransaction) -> bool:
    """Return whether one of the login's connections identifies its users by a username."""
    connections = (tenant.directory.connections.get(name) for name in _connections(tenant, login))
    return any(one.options.requires_username for one in connections if one)


def log_in(
    tenant: Tenant, login: LoginTransaction, username: str | None, password: str | None
) -> Session:
    """Start a session for a name and password, and attach it to the login.

    Raises:
        LoginPageError: The page is to be shown again.
    """
    connections = _connections(tenant, login)
    username, password = _check_fields(tenant, username, password)
    directory = tenant.directory
    user = directory.find_user(username, directory.accept_passwords(connections))
    user = user or directory.find_user(username, connections)
    hint = why_nobody(directory.document)
    hint = hint or why_no_password(directory, [user.connection] if user else connections)
    hint = hint or password_mismatch(user, username, password, " or ".join(connections))
    with tenant.trace.check("password", username=username, connections=connections, equal=not hint):
        if user is None or hint:
            wrong = (
                WRONG_CREDENTIALS if requires_username(tenant, login) else WRONG_EMAIL_CREDENTIALS
            )
            raise LoginPageError({"password": wrong}, hint=hint)
    return _log_in_as(tenant, login, user)


def _check_fields(tenant: Tenant, username: str | None, password: str | None) -> tuple[str, str]:
    missing = {}
    if not username:
        missing["username"] = NO_USERNAME
    if not password:
        missing["password"] = NO_PASSWORD
    with tenant.trace.check("form", empty=list(missing)):
        if not username or not password:
            names = " and ".join(f"`{name}`" for name in missing)
            raise LoginPageError(missing, hint=f"The login form was posted without {names}.")
    return username, password


def pick(tenant: Tenant, login: LoginTransaction, user_id: str) -> Session:
    """Start a session for a user of the picker, without a password.

    Raises:
        LoginPageError: The page does not offer that user.
    """
    user = next((one for one in choices(tenant, login) if one.user_id == user_id), None)
    with tenant.trace.check("user", picked=user_id):
        if user is None:
            raise LoginPageError(
                {NO_FIELD: USER_NOT_OFFERED},
                hint=f"{user_id!r} is not among the users of the picker",
            )
    return _log_in_as(tenant, login, user)


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
    _move_on(tenant, login, replace(login, request=settled))


def waits_for_consent(tenant: Tenant, login: LoginTransaction, session: Session | None) -> bool:
    """Tell whether the consent page comes before the end.

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


def _connections(tenant: Tenant, login: LoginTransaction) -> tuple[str, ...]:
    if login.request.connection is not None:
        return (login.request.connection,)
    return tenant.directory.connections_for(login_client(tenant, login))


def _log_in_as(tenant: Tenant, login: LoginTransaction, user: User) -> Session:
    tenant.trace.note(user=user.user_id)
    session = start_session(tenant, user)
    _move_on(tenant, login, replace(login, session_id=session.id))
    return session


def _move_on(tenant: Tenant, login: LoginTransaction, moved: LoginTransaction) -> None:
    """Replace a login that waits; one that was finished meanwhile stays finished.

    Raises:
        InvalidRequest: Another request was quicker.
    """
    expires_at = tenant.now() + tenant.settings.login_lifetime
    with tenant.trace.check("state", sent=login.state):
        if not tenant.logins.swap(login.state, login, moved, expires_at=expires_at):
            raise lost("another request went on with this login, or finished it, at the same time")


def _refuse(tenant: Tenant, login: LoginTransaction, error: OAuthError) -> AuthorizationResponse:
    tenant.logins.take(login.state)
    return _answer(login.request, error)


def _answer(request: AuthorizationRequest, error: OAuthError) -> AuthorizationResponse:
    return error_response(error, reply_to_request(request))
