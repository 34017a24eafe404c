"""The cookie that binds login tickets to the browser that called /co/authenticate.

Auth0: the name of its cookie is not documented. It is sent across sites where browsers allow that.
"""

from __future__ import annotations

import re

from werkzeug import Response

from mockidp.protocol.login.cross_origin import LIFETIME
from mockidp.tenant.clock import LATEST
from mockidp.web.cookies.session import same_site
from mockidp.web.request.exchange import Exchange

_NAME = "auth0-co"
_VALUE = re.compile(r"[\w-]{32}")


def browser_of(exchange: Exchange) -> str | None:
    """Return the value of the cookie; None if the browser sent none."""
    value = exchange.cookies.get(_NAME)
    return value if value and _VALUE.fullmatch(value) else None


def set_browser_cookie(exchange: Exchange, response: Response, value: str) -> None:
    """Let the browser keep the value for as long as a ticket lives."""
    response.set_cookie(
        _NAME,
        value,
        max_age=LIFETIME,
        # Werkzeug would compute it from the machine's time.
        expires=min(exchange.tenant.now() + LIFETIME, LATEST),
        path=exchange.prefix or "/",
        secure=exchange.is_secure,
        httponly=True,
        samesite=same_site(exchange),
    )
