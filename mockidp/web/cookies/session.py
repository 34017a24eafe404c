"""The cookie that holds a session's opaque id.

Auth0: `SameSite=None; Secure`, so that silent logins work in a frame. Over plain http browsers
refuse that pair, and the cookie is Lax; http on another port of the same host is the same site.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug import Response

from mockidp.tenant.clock import LATEST
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.http_date import http_date

if TYPE_CHECKING:
    from mockidp.protocol.tokens.artifacts import Session


def set_session_cookie(exchange: Exchange, response: Response, session: Session) -> None:
    """Log the browser in until the session expires by the tenant's clock.

    Auth0: with the mode `non-persistent` the cookie ends with the browser.
    """
    persists = exchange.tenant.directory.configuration.tenant.session_cookie.mode == "persistent"
    response.set_cookie(
        exchange.cookie_name,
        session.id,
        max_age=int(session.absolute_expires_at - exchange.tenant.now()) if persists else None,
        # Werkzeug would compute it from the machine's time.
        expires=http_date(int(min(session.absolute_expires_at, LATEST))) if persists else None,
        path=exchange.prefix or "/",
        secure=exchange.is_secure,
        httponly=True,
        samesite=same_site(exchange),
    )


def clear_session_cookie(exchange: Exchange, response: Response) -> None:
    """Log the browser out."""
    response.delete_cookie(
        exchange.cookie_name,
        path=exchange.prefix or "/",
        secure=exchange.is_secure,
        httponly=True,
        samesite=same_site(exchange),
    )


def same_site(exchange: Exchange) -> str:
    """Return whether browsers send a cookie of the tenant across sites."""
    return "None" if exchange.is_secure else "Lax"
