"""Who may see and change the tenant on the pages of the console.

A browser cannot send a bearer token with a form, so a cookie takes its place. Forms of other pages
need no preflight, unlike the JSON of the control API, so each form has a token of its page.
"""

from __future__ import annotations

import hmac

from werkzeug import Response

from mockidp.protocol.errors.problem import Problem
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.web.control.guard import check_page
from mockidp.web.control_token import has_control_token
from mockidp.web.keyed_hash import keyed_hash
from mockidp.web.request.exchange import Exchange
from mockidp.web.tenants.router import CONTROL_TOKEN_KEY, TENANTS_KEY, TenantRouter

FORM_TOKEN = "form_token"
COOKIE = "mockidp-console"
_READ_ONLY = (
    "Other machines can reach this mock, and it requires no control token, so the console changes "
    "nothing. Set MOCKIDP_CONTROL_TOKEN, or let the mock listen on localhost."
)


def may_look(exchange: Exchange) -> bool:
    """Return whether a request has the control token, or the cookie for it."""
    token = exchange.environ.get(CONTROL_TOKEN_KEY)
    if not token or has_control_token(exchange):
        return True
    sent = exchange.cookies.get(COOKIE, "")
    return hmac.compare_digest(sent.encode(), keyed_hash("cookie", token).encode())


def check_visitor(exchange: Exchange) -> None:
    """Check that a request may see the console.

    Raises:
        Problem: 403 for a page of another origin, 401 without the control token.
    """
    check_page(exchange, changes=False)
    if not may_look(exchange):
        raise Problem(401, "This mock requires a control token.")


def read_only_reason(exchange: Exchange) -> str:
    """Return why the console changes nothing; empty if it may."""
    router: TenantRouter = exchange.environ[TENANTS_KEY]
    return _READ_ONLY if router.is_exposed else ""


def check_change(exchange: Exchange) -> None:
    """Check that the console may change the tenant.

    Raises:
        Problem: 403 if anybody on the network could.
    """
    reason = read_only_reason(exchange)
    if reason:
        raise Problem(403, reason)


def form_token(exchange: Exchange) -> str:
    """Return the token for the forms of a page."""
    return keyed_hash("form", exchange.prefix)


def read_form(exchange: Exchange) -> Parameters:
    """Return the fields of a form of the console.

    Raises:
        Problem: 403 for a form of another origin or without the token of its page, 401 without the
            control token.
    """
    check_page(exchange, changes=True)
    if not may_look(exchange):
        raise Problem(401, "This mock requires a control token.")
    form = exchange.body()
    if not hmac.compare_digest(
        (form.get(FORM_TOKEN) or "").encode(), form_token(exchange).encode()
    ):
        raise Problem(
            403, "The form was made before the mock started, or by another page. Send it again."
        )
    return form


def cookie_for(exchange: Exchange, sent: str) -> str | None:
    """Return the cookie that stands for the control token; None if another one was sent."""
    token = exchange.environ.get(CONTROL_TOKEN_KEY) or ""
    if not hmac.compare_digest(sent.strip().encode(), token.encode()):
        return None
    return keyed_hash("cookie", token)


def set_cookie(exchange: Exchange, response: Response, value: str) -> None:
    """Set the cookie until the browser is closed or the mock is started again."""
    response.set_cookie(
        COOKIE,
        value,
        path=f"{exchange.prefix}/_mockidp/",
        secure=exchange.is_secure,
        httponly=True,
        samesite="Strict",
    )
