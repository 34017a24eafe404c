"""`/authorize`: refuse the request, answer it from a session, or begin a login.

Spec: RFC 6749 4.1.1 to 4.1.2.1; OpenID Connect Core 3.1.2.
Auth0: errors of client and redirect URI are shown on a page; all others go to the callback.
"""

from __future__ import annotations

from mockidp.flows.accounts.screen_hint import hinted_page
from mockidp.flows.audience import check_user_access, find_api
from mockidp.flows.authorization.details import read_details
from mockidp.flows.authorization.pushed_request import check_was_pushed
from mockidp.flows.authorization.reply_to import (
    ReplyTo,
    known_client,
    read_reply_to,
    refuse_client,
)
from mockidp.flows.authorization.request import read_authorization_request
from mockidp.flows.authorization.request_object import check_request_object_was_sent
from mockidp.flows.authorization.resolve import ResolvedRequest, resolve_request
from mockidp.flows.authorization.strict import check_strict_request, usable_scope
from mockidp.flows.cross_origin.ticket import can_verify, is_same_browser, redeem_ticket
from mockidp.flows.hints.scopes import advise_on_scope
from mockidp.flows.login.connection import check_connection
from mockidp.flows.login.identifier_first import first_page
from mockidp.flows.login.identify import find_usable_session
from mockidp.flows.login.language import advise_on_language
from mockidp.flows.login.login_connections import LoginConnections
from mockidp.flows.login.prepared_sign_in import answer_sign_in
from mockidp.flows.login.resume import respond
from mockidp.flows.login.steps import (
    PROVIDER_PAGE,
    SELECTION_PAGE,
    VERIFY_PAGE,
    LoginStep,
    next_step,
)
from mockidp.flows.login.transaction import login_client, new_login, store_login
from mockidp.flows.mfa.policy import advise_on_acr_values
from mockidp.flows.organizations.connections import check_organization_connection
from mockidp.flows.organizations.invitations import check_invitation
from mockidp.flows.organizations.requested import asks_before_login, requested_organization
from mockidp.flows.requests.parameters import check_authorize_parameters
from mockidp.flows.session_transfer.redeem import Browser, session_after_transfer
from mockidp.frozen import frozen, replace
from mockidp.protocol.errors.oauth_error import OAuthError
from mockidp.protocol.login.cross_origin import LOGIN_TICKET
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.oauth.response_mode import AuthorizationResponse
from mockidp.protocol.tokens.artifacts import AuthorizationRequest, LoginTransaction, Session
from mockidp.resources.client import Client
from mockidp.resources.organization import Organization
from mockidp.tenant.tenant import Tenant


@frozen
class LoginNeeded:
    """A login was begun: the browser goes to a page with its `state`."""

    state: str
    page: str
    session: Session | None = None
    """The browser's new session, if a ticket or a native app has logged the user in."""


@frozen
class SignedIn:
    """A prepared sign-in or a ticket answers the request: response, and the browser's session."""

    response: AuthorizationResponse
    session: Session


def authorize(
    tenant: Tenant,
    base_url: str,
    parameters: Parameters,
    *,
    sender: Browser,
    browser: str | None = None,
    remembered: str | None = None,
) -> AuthorizationResponse | LoginNeeded | SignedIn:
    """Answer an authorization request.

    Args:
        tenant: The tenant.
        base_url: The URL of the tenant in the request.
        parameters: The parameters.
        sender: The session of the browser, and what identifies it.
        browser: The cookie of the browser's last call to /co/authenticate.
        remembered: The browser, if it was remembered after a second factor.

    Raises:
        OAuthError: The client or the redirect URI is wrong, or the client's `redirection_policy` is
            `open_redirect_protection`, so the error is shown on a page.
    """
    client = known_client(tenant, base_url, parameters)
    try:
        resolved = resolve_request(tenant, base_url, client, parameters)
    except OAuthError as error:
        return _refuse_unread(tenant, client, parameters, error)
    reply_to = read_reply_to(tenant, client, resolved.parameters)
    try:
        request = _read_request(tenant, base_url, client, resolved, reply_to)
        signed_in = answer_sign_in(tenant, client, request)
        if signed_in is not None:
            response = respond(tenant, base_url, *signed_in)
            return SignedIn(response=response, session=signed_in[1])
        ticket = resolved.parameters.get(LOGIN_TICKET)
        if ticket is not None:
            begun = new_login(request, None, browser=remembered)
            return _log_in_with_ticket(tenant, base_url, begun, ticket, browser)
        session = session_after_transfer(tenant, base_url, client, resolved.parameters, sender)
        new = session if session != sender.session else None
        usable = find_usable_session(tenant, client, request, session)
        login = new_login(request, usable, browser=remembered)
        step = next_step(tenant, client, login)
        if usable is not None and step is None:
            response = respond(tenant, base_url, login, usable)
            return SignedIn(response=response, session=new) if new else response
    except OAuthError as error:
        # If no check has failed, a parameter was not a string.
        tenant.trace.refuse("request", error)
        return refuse_client(client, error, reply_to)
    page = _first_page(tenant, client, login, step, resolved.parameters.get("screen_hint"))
    return LoginNeeded(state=store_login(tenant, login), page=page, session=new)


def _refuse_unread(
    tenant: Tenant, client: Client, parameters: Parameters, error: OAuthError
) -> AuthorizationResponse:
    """Return the response for a request object that is refused.

    Raises:
        OAuthError: The error is shown on a page, as in Auth0, or since the request has no redirect
            URI outside of the request object.
    """
    if tenant.settings.profile == "auth0" or parameters.get("redirect_uri") is None:
        raise error
    return refuse_client(client, error, read_reply_to(tenant, client, parameters))


def _first_page(
    tenant: Tenant,
    client: Client,
    login: LoginTransaction,
    step: LoginStep | None,
    screen_hint: str | None,
) -> str:
    """Return the page of the step before the login; otherwise that of the login.

    With a session, the latter continues with the next step. An identity provider has no other page.
    """
    connections = LoginConnections(tenant, login, client)
    own = first_page(connections)
    if login.session_id is not None or own == PROVIDER_PAGE:
        return own
    if step is not None and step.page == SELECTION_PAGE:
        return SELECTION_PAGE
    return hinted_page(connections, screen_hint) or own


def _log_in_with_ticket(
    tenant: Tenant,
    base_url: str,
    begun: LoginTransaction,
    ticket: str,
    browser: str | None,
) -> LoginNeeded | SignedIn:
    """Answer a request with the user whom /co/authenticate has verified.

    Raises:
        OAuthError: The ticket is refused, or a step is pending and the request forbids pages.
    """
    client, request = login_client(tenant, begun), begun.request
    if can_verify(client, request) and not is_same_browser(tenant, ticket, browser):
        waiting = replace(begun, login_ticket=ticket)
        return LoginNeeded(state=store_login(tenant, waiting), page=VERIFY_PAGE)
    session = redeem_ticket(tenant, request, ticket, browser=browser)
    login = replace(begun, user_id=session.user_id, session_id=session.id)
    if next_step(tenant, client, login) is None:
        response = respond(tenant, base_url, login, session)
        return SignedIn(response=response, session=session)
    state = store_login(tenant, login)
    page = first_page(LoginConnections(tenant, login, client))
    return LoginNeeded(state=state, page=page, session=session)


def check_request(
    tenant: Tenant, base_url: str, client: Client, resolved: ResolvedRequest
) -> AuthorizationRequest:
    """Return a request that was checked as far as it does not depend on the user.

    Raises:
        OAuthError: The request would be refused.
    """
    reply_to = read_reply_to(tenant, client, resolved.parameters)
    return _read_request(tenant, base_url, client, resolved, reply_to)


def _read_request(
    tenant: Tenant, base_url: str, client: Client, resolved: ResolvedRequest, reply_to: ReplyTo
) -> AuthorizationRequest:
    """Read and check everything that does not depend on the user.

    Raises:
        OAuthError: The request is refused; the error goes to the callback.
    """
    parameters = resolved.parameters
    check_strict_request(tenant, client, parameters, wrapped_in=resolved.wrapped_in)
    request = read_authorization_request(tenant, base_url, parameters, client, reply_to)
    check_was_pushed(tenant, client, is_pushed=resolved.is_pushed)
    check_request_object_was_sent(tenant, client, is_signed=resolved.is_signed)
    check_authorize_parameters(tenant, parameters)
    organization = requested_organization(tenant, client, parameters)
    invitation = check_invitation(tenant, client, parameters, organization)
    connection = request.connection or (invitation.connection if invitation else None)
    _check_connection(tenant, client, organization, connection)
    api = find_api(tenant, base_url, request.audience)
    check_user_access(tenant, client, api)
    details = read_details(tenant, client, api, parameters, is_pushed=resolved.is_pushed)
    advise_on_scope(tenant, client, api, request.scope)
    advise_on_language(tenant, request.ui_locales)
    advise_on_acr_values(tenant, request.acr_values)
    return replace(
        request,
        scope=usable_scope(tenant, client, request.scope),
        connection=connection,
        authorization_details=details,
        organization_id=organization.id if organization else None,
        invitation=parameters.get("invitation"),
    )


def _check_connection(
    tenant: Tenant, client: Client, organization: Organization | None, sent: str | None
) -> None:
    if organization is not None:
        check_organization_connection(tenant, client, organization, sent)
    elif not asks_before_login(client):
        check_connection(tenant, client, sent)


def refuse_authorization(
    tenant: Tenant, base_url: str, parameters: Parameters, error: OAuthError
) -> AuthorizationResponse:
    """Return the response that carries an error, for a request that is not read any further.

    Raises:
        OAuthError: The client or the redirect URI is wrong, so the error is shown on a page.
    """
    client = known_client(tenant, base_url, parameters)
    resolved = resolve_request(tenant, base_url, client, parameters)
    return refuse_client(client, error, read_reply_to(tenant, client, resolved.parameters))
