"""Codes that come back through the browser: `/passwordless/verify_redirect` and `/verify`.

Auth0: a link leads to `verify_redirect`, which logs in and answers as /authorize would. A wrong
code is `unauthorized` at the callback. auth0.js first checks the code at `verify`.
"""

from __future__ import annotations

from mockidp.flows.authorization.authorize import check_request
from mockidp.flows.authorization.reply_to import known_client, read_reply_to, refuse_client
from mockidp.flows.authorization.resolve import ResolvedRequest
from mockidp.flows.login.resume import respond
from mockidp.flows.login.steps import next_step
from mockidp.flows.login.transaction import new_login, store_login
from mockidp.flows.passwordless.code import CodeRejected, Recipient, check_code, take_code
from mockidp.flows.passwordless.request import (
    check_properties,
    find_client,
    find_connection,
    read_recipient,
    require_text,
)
from mockidp.flows.passwordless.user import verified_user
from mockidp.flows.sessions.session import start_session
from mockidp.frozen import frozen
from mockidp.protocol.errors.oauth_error import InvalidUserPassword, OAuthError, UserUnauthorized
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.oauth.response_mode import AuthorizationResponse
from mockidp.protocol.request_parameters.passwordless import PASSWORDLESS_VERIFY
from mockidp.protocol.tokens.artifacts import LoginTransaction, Session
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant

_CODE = "verification_code"


@frozen
class LoggedIn:
    """A person has logged in: the browser's new session, and the client's response.

    Attributes:
        session: The session.
        response: The response; None if another step of the login is pending.
        state: The state of that login; empty if there is a response.
    """

    session: Session
    response: AuthorizationResponse | None = None
    state: str = ""


def check_verification_code(tenant: Tenant, parameters: Parameters) -> None:
    """Check a code without using it up.

    Raises:
        OAuthError: The request is malformed, or the code is not accepted.
    """
    client = find_client(tenant, parameters)
    connection = find_connection(tenant, client, parameters)
    check_properties(tenant, PASSWORDLESS_VERIFY, connection, parameters)
    recipient, code = _read(tenant, client, parameters)
    try:
        check_code(tenant, recipient, code)
    except CodeRejected as error:
        raise InvalidUserPassword(error.description, hint=error.hint) from None


def verify_and_redirect(
    tenant: Tenant, base_url: str, parameters: Parameters, *, remembered: str | None = None
) -> LoggedIn | AuthorizationResponse:
    """Log in with a code in the query, which is used up. An error goes to the callback.

    `remembered` is the browser, if it was remembered after a second factor.

    Raises:
        OAuthError: The client or the redirect URI is wrong, so the error is shown on a page.
    """
    client = known_client(tenant, base_url, parameters)
    reply_to = read_reply_to(tenant, client, parameters)
    try:
        request = check_request(tenant, base_url, client, ResolvedRequest(parameters=parameters))
        recipient, code = _read(tenant, client, parameters)
        take_code(tenant, recipient, code)
        user = verified_user(tenant, recipient.connection, recipient.address)
        session = start_session(tenant, base_url, user)
        login = new_login(request, session, browser=remembered)
        return _continue(tenant, base_url, client, login, session)
    except CodeRejected as error:
        refusal: OAuthError = UserUnauthorized(error.description, hint=error.hint)
    except OAuthError as error:
        refusal = error
    tenant.trace.refuse("request", refusal)
    return refuse_client(client, refusal, reply_to)


def _read(tenant: Tenant, client: Client, parameters: Parameters) -> tuple[Recipient, str]:
    connection = find_connection(tenant, client, parameters)
    address = read_recipient(tenant, connection, parameters)
    with tenant.trace.check(_CODE, is_sent=parameters.raw().get(_CODE) is not None):
        code = require_text(parameters, _CODE)
    return Recipient(client=client, connection=connection, address=address), code


def _continue(
    tenant: Tenant,
    base_url: str,
    client: Client,
    login: LoginTransaction,
    session: Session,
) -> LoggedIn:
    """Return the client's response, or a login whose next step is pending."""
    if next_step(tenant, client, login) is not None:
        return LoggedIn(session=session, state=store_login(tenant, login))
    return LoggedIn(session=session, response=respond(tenant, base_url, login, session))
