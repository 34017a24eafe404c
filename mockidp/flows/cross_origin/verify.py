"""`/co/verify`: log in with a ticket in a browser that did not send the cookie.

A hidden frame with the client's `cross_origin_loc` sends the verifier, which the app's page stored
when the user logged in.
"""

from __future__ import annotations

from mockidp.flows.cross_origin.ticket import find_ticket, redeem_with_verifier
from mockidp.flows.login.transaction import login_not_found, refuse_login, update_login
from mockidp.frozen import replace
from mockidp.protocol.errors.oauth_error import AccessDenied
from mockidp.protocol.login.cross_origin import LoginTicket
from mockidp.protocol.oauth.response_mode import AuthorizationResponse
from mockidp.protocol.tokens.artifacts import LoginTransaction, Session
from mockidp.tenant.tenant import Tenant


def ticket_of(tenant: Tenant, login: LoginTransaction) -> tuple[str, LoginTicket]:
    """Return the ticket that a login waits for, and its record.

    Raises:
        OAuthError: The login has no ticket, or it has ended.
    """
    with tenant.trace.check("login_ticket", waiting=login.login_ticket is not None):
        if login.login_ticket is None:
            raise login_not_found("This login has no `login_ticket` to verify.")
    return login.login_ticket, find_ticket(tenant, login.request.client_id, login.login_ticket)


def verify(
    tenant: Tenant, login: LoginTransaction, verifier: str | None
) -> Session | AuthorizationResponse:
    """Log the user of the login's ticket in, or end the login with an error.

    Raises:
        InvalidRequest: The login has no ticket, or another request has continued it.
    """
    try:
        ticket, _ = ticket_of(tenant, login)
        session = redeem_with_verifier(tenant, login.request, ticket, verifier)
    except AccessDenied as error:
        return refuse_login(tenant, login, error)
    logged_in = replace(login, login_ticket=None, user_id=session.user_id, session_id=session.id)
    update_login(tenant, login, logged_in)
    return session
