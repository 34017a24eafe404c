"""The page on which a login begins: `screen_hint` names it, or an invitation leads to sign-up.

Auth0: an invited person without an account signs up (inferred).
"""

from __future__ import annotations

from urllib.parse import quote

from mockidp.flows.accounts.offers import database_to_reset, database_to_sign_up
from mockidp.flows.login.identifier_first import is_identifier_first
from mockidp.flows.login.identify import connections_of
from mockidp.flows.login.steps import RESET_PAGE, SIGN_UP_IDENTIFIER, SIGN_UP_PAGE
from mockidp.flows.organizations.invitations import invited_email
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.tenant.tenant import Tenant

_PAGES = ("signup", "reset-password")


def hinted_page(tenant: Tenant, login: LoginTransaction, screen_hint: str | None) -> str | None:
    """Return the path of the page that a hint names; None for the login page."""
    page = None
    if screen_hint is None and _is_new(tenant, login):
        screen_hint = "signup"
    if screen_hint == "signup" and database_to_sign_up(tenant, login):
        page = SIGN_UP_IDENTIFIER if is_identifier_first(tenant, login) else SIGN_UP_PAGE
    elif screen_hint == "reset-password" and (to_reset := database_to_reset(tenant, login)):
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


def _is_new(tenant: Tenant, login: LoginTransaction) -> bool:
    """Return whether the login is for an invited person who has no account yet."""
    email = invited_email(tenant, login)
    if email is None:
        return False
    is_known = tenant.directory.find_user(email, connections_of(tenant, login)) is not None
    return not is_known and database_to_sign_up(tenant, login) is not None
