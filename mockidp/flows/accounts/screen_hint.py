"""The page on which a login begins: `screen_hint` names it, or an invitation leads to sign-up.

Auth0: an invited person without an account signs up (inferred).
"""

from __future__ import annotations

from urllib.parse import quote

from mockidp.flows.accounts.database import reset_database
from mockidp.flows.accounts.offers import database_to_sign_up
from mockidp.flows.login.identifier_first import is_identifier_first
from mockidp.flows.login.login_connections import LoginConnections
from mockidp.flows.login.steps import RESET_PAGE, SIGN_UP_IDENTIFIER, SIGN_UP_PAGE
from mockidp.flows.organizations.invitations import invited_email

_PAGES = ("signup", "reset-password")


def hinted_page(connections: LoginConnections, screen_hint: str | None) -> str | None:
    """Return the path of the page that a hint names; None for the login page."""
    page, tenant, offered = None, connections.tenant, connections.offered
    if screen_hint is None and _is_new(connections):
        screen_hint = "signup"
    if screen_hint == "signup" and database_to_sign_up(tenant, connections.login, offered):
        page = SIGN_UP_IDENTIFIER if is_identifier_first(connections) else SIGN_UP_PAGE
    elif screen_hint == "reset-password" and (to_reset := reset_database(tenant, offered)):
        page = f"{RESET_PAGE}/{quote(to_reset.name)}"
    elif screen_hint in _PAGES:
        tenant.trace.advise(
            f"Parameter `screen_hint` is {screen_hint!r}, but no database of the login allows it. "
            "The login page was shown instead."
        )
    elif screen_hint not in (None, "login"):
        tenant.trace.advise(
            f"Parameter `screen_hint` is {screen_hint!r}, which is not a known value. The login "
            "page was shown instead."
        )
    return page


def _is_new(connections: LoginConnections) -> bool:
    """Return whether the login is for an invited person who has no account yet."""
    tenant, login, offered = connections.tenant, connections.login, connections.offered
    email = invited_email(tenant, login)
    if email is None or tenant.directory.find_user(email, offered) is not None:
        return False
    return database_to_sign_up(tenant, login, offered) is not None
