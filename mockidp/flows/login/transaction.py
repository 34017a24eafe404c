"""Store a login under its `state`, find it, update it after a step, and end it.

Auth0: if a login is not found, a page shows one long sentence.
"""

from __future__ import annotations

from mockidp.flows.authorization.reply_to import refuse_client, reply_to_request
from mockidp.flows.device.decide import deny_device
from mockidp.flows.hints.evicted import or_evicted
from mockidp.frozen import replace
from mockidp.protocol.errors.oauth_error import AccessDenied, InvalidRequest, OAuthError
from mockidp.protocol.oauth.response_mode import AuthorizationResponse
from mockidp.protocol.tokens.artifacts import AuthorizationRequest, LoginTransaction, Session
from mockidp.resources.client import Client
from mockidp.storage.store import replace_value
from mockidp.tenant.journal.flow_index import DEVICE_CODE, LOGIN
from mockidp.tenant.tenant import Tenant

LOST_STATE = (
    "You may have pressed the back button, refreshed during login, opened too many login dialogs, "
    "or there is some issue with cookies, since we couldn't find your session. Try logging in "
    "again from the application and if the problem persists please contact the administrator."
)


def new_login(
    request: AuthorizationRequest, session: Session | None, *, browser: str | None = None
) -> LoginTransaction:
    """Return a login that is not stored yet, with the user of a usable session."""
    return LoginTransaction(
        state="",
        request=request,
        user_id=session.user_id if session else None,
        session_id=session.id if session else None,
        organization_id=request.organization_id,
        browser=browser,
    )


def store_login(tenant: Tenant, login: LoginTransaction) -> str:
    """Store a new login, which waits for the person. Return its state."""
    state = tenant.ids.opaque_id()
    tenant.logins.put(state, replace(login, state=state), expires_at=_expiry(tenant))
    tenant.trace.made(LOGIN, state)
    if login.device_code is not None:
        tenant.trace.used(DEVICE_CODE, login.device_code)
    return state


def find_login(tenant: Tenant, base_url: str, state: str | None) -> LoginTransaction:
    """Return the login with a state. It began at the domain of `base_url`.

    Raises:
        InvalidRequest: The transaction does not exist or has ended, or began at another domain.
    """
    login = tenant.logins.get(state) if state else None
    tenant.trace.used(LOGIN, state or "")
    with tenant.trace.check("state", sent=state):
        if login is None:
            raise login_not_found(_why_lost(tenant, state))
        begun_at, urls = login.request.base_url, tenant.urls
        if not urls.are_one_domain(begun_at, base_url):
            raise login_not_found(
                f"This login began at {urls.describe_domain(begun_at)}, and its page was opened at "
                f"{urls.describe_domain(base_url)}. Continue it at {urls.browser_url(begun_at)}."
            )
    tenant.trace.note(client=login.request.client_id)
    return login


def _why_lost(tenant: Tenant, state: str | None) -> str:
    if not state or tenant.logins.history(state) is None:
        return (
            "Parameter `state` names no login of this tenant. It is from before a restart, or was "
            "changed." + or_evicted(tenant, tenant.logins)
        )
    return (
        "This login was already finished, or its page was left open for longer than the setting "
        "`login_lifetime`."
    )


def login_not_found(hint: str) -> InvalidRequest:
    """Return Auth0's refusal for a login that cannot go on."""
    return InvalidRequest(LOST_STATE, hint=hint)


def login_client(tenant: Tenant, login: LoginTransaction) -> Client:
    """Return the client that the person logs in to.

    Raises:
        InvalidRequest: It was removed while the page was open.
    """
    client_id = login.request.client_id
    client = tenant.directory.client(client_id)
    with tenant.trace.check("client_id", waiting=client_id):
        if client is None:
            raise login_not_found(f"Client {client_id} was removed while the page was open.")
    return client


def check_owner(tenant: Tenant, login: LoginTransaction, session: Session | None) -> Session:
    """Return the session that logged in here.

    Raises:
        InvalidRequest: The browser has no session, or another one.
    """
    logged_in, has_session = login.session_id is not None, session is not None
    with tenant.trace.check("session", logged_in=logged_in, is_sent=has_session):
        if login.session_id is None:
            raise login_not_found("No user has logged in on the page of this login yet.")
        if session is None or session.id != login.session_id:
            raise login_not_found(
                "The browser's session cookie is missing, or is not the one of this login."
            )
    tenant.trace.note(user=session.user_id)
    return session


def update_login(tenant: Tenant, login: LoginTransaction, updated: LoginTransaction) -> None:
    """Replace a login with the result of a step. A login that has ended stays ended.

    Raises:
        InvalidRequest: Another request has changed it.
    """
    with tenant.trace.check("state", sent=login.state):
        if not replace_value(
            tenant.logins, login.state, login, updated, expires_at=_expiry(tenant)
        ):
            raise _changed_meanwhile()


def end_login(tenant: Tenant, login: LoginTransaction) -> None:
    """Take the login, so that only one request can answer it.

    Raises:
        InvalidRequest: Another request has changed or ended it.
    """
    with tenant.trace.check("state", sent=login.state):
        if tenant.logins.take(login.state) != login:
            raise _changed_meanwhile()


def refuse_login(
    tenant: Tenant, login: LoginTransaction, error: OAuthError
) -> AuthorizationResponse:
    """End a login with an error for the client, or with a device that gets no tokens.

    Raises:
        OAuthError: The client does not get errors, so the error is shown on a page.
    """
    tenant.logins.take(login.state)
    if login.device_code is not None:
        return deny_device(tenant, login.device_code, error)
    client = tenant.directory.client(login.request.client_id)
    return refuse_client(client, error, reply_to_request(login.request))


def deny(tenant: Tenant, login: LoginTransaction) -> AuthorizationResponse:
    """End a login that the person canceled."""
    error = AccessDenied(
        "User has canceled the interaction.", hint="The deny button of the page was pressed."
    )
    tenant.trace.refuse("login", error, action="deny")
    return refuse_login(tenant, login, error)


def _changed_meanwhile() -> InvalidRequest:
    return login_not_found("Another request continued or finished this login at the same time.")


def _expiry(tenant: Tenant) -> float:
    return tenant.now() + tenant.settings.login_lifetime
