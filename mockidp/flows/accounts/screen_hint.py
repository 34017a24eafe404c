"""The parameter `screen_hint` of an authorization request: the page on which a login begins."""

from __future__ import annotations

from urllib.parse import quote

from mockidp.flows.accounts.offers import database_to_reset, database_to_sign_up
from mockidp.flows.login.identifier_first import is_identifier_first
from mockidp.flows.login.steps import RESET_PAGE, SIGN_UP_IDENTIFIER, SIGN_UP_PAGE
from mockidp.protocol.artifacts import LoginTransaction
from mockidp.tenant.tenant import Tenant

_PAGES = ("signup", "reset-password")


def hinted_page(tenant: Tenant, login: LoginTransaction, screen_hint: str | None) -> str | None:
    """Return the path of the page that a hint names; None for the login page."""
    page = None
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
            f"Parameter `screen_hint` is {screen_hint!r}, which mockidp does not know. The login "
            "page was shown instead."
        )
    return page
