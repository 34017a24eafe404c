"""The cookie that names a browser on which users need no second factor for 30 days.

Auth0: `auth0-mf`. It is for this browser; which users it holds for is known to the tenant.
"""

from __future__ import annotations

from werkzeug import Response

from mockidp.protocol.mfa.records import REMEMBER_LIFETIME
from mockidp.web.cookies.session import same_site
from mockidp.web.request.exchange import Exchange


def remembered_browser(exchange: Exchange) -> str | None:
    """Return the browser that the cookie names."""
    return exchange.cookies.get(_name(exchange)) or None


def set_remember_cookie(exchange: Exchange, response: Response, browser: str) -> None:
    """Name the browser until its users need a second factor again."""
    response.set_cookie(
        _name(exchange),
        browser,
        max_age=REMEMBER_LIFETIME,
        # Werkzeug would compute it from the machine's time.
        expires=exchange.tenant.now() + REMEMBER_LIFETIME,
        path=exchange.prefix or "/",
        secure=exchange.is_secure,
        httponly=True,
        samesite=same_site(exchange),
    )


def _name(exchange: Exchange) -> str:
    # http has its own, as it cannot overwrite a Secure cookie.
    return "auth0-mf" if exchange.is_secure else "auth0-mf-http"
