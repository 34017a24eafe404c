"""Every path that no route has: 501 where Auth0 has an endpoint, else 404.

A known endpoint names itself and never answers 404. They are looked up here rather than
registered, since forty routes would cost ten milliseconds at each start.
"""

from __future__ import annotations

from werkzeug import Request
from werkzeug.exceptions import MethodNotAllowed

from mockidp.errors import DOCS_URL
from mockidp.protocol.oauth_error import NotFound, NotImplementedHere
from mockidp.protocol.problem import Problem
from mockidp.protocol.refusal import ApiRefusal, Refusal
from mockidp.web.endpoints.nearest_path import nearest_path
from mockidp.web.exchange import Exchange
from mockidp.web.pages import Pages
from mockidp.web.render import redirect
from mockidp.web.reply import Reply
from mockidp.web.route import Route

PATHS = frozenset(
    {
        "/.well-known/webfinger",
        "/activate",
        "/bc-authorize",
        "/cer",
        "/co/authenticate",
        "/co/verify",
        "/dbconnections/change_password",
        "/dbconnections/signup",
        "/delegation",
        "/fingerprint",
        "/login/callback",
        "/mfa/associate",
        "/mfa/authenticators",
        "/mfa/challenge",
        "/oauth/access_token",
        "/oauth/device/code",
        "/oauth/par",
        "/oauth/ro",
        "/oidc/register",
        "/passwordless/start",
        "/passwordless/verify",
        "/passwordless/verify_redirect",
        "/pb7",
        "/pem",
        "/rawpem",
        "/test",
        "/tokeninfo",
        "/u/consent-management",
        "/u/device",
        "/u/reset-password",
        "/u/signup",
        "/unlink",
        "/user/ssodata",
        "/usernamepassword/challenge",
        "/usernamepassword/login",
    }
)
PREFIXES = (
    "/api/",
    "/client/",
    "/me/",
    "/mfa/authenticators/",
    "/oauth/global-token-revocation/connection/",
    "/samlp/",
    "/scim/",
    "/wsfed/",
)

_NO_ENDPOINT = "neither Auth0 nor this mock has such an endpoint"


def _nowhere(exchange: Exchange, _pages: Pages) -> Reply:
    """Refuse a path or a method that no endpoint has; Auth0 answers both in the same way.

    A browser at the bare URL of the mock is redirected to the start page.
    """
    path = exchange.request.path
    if path == "/" and _is_visit(exchange.request):
        return Reply(redirect(f"{exchange.prefix}/_mockidp/"))
    error = exchange.routing_error
    if path in PATHS or path.startswith(PREFIXES):
        raise _not_built(path, f"{exchange.request.method} {path} is not implemented by mockidp")
    if isinstance(error, MethodNotAllowed):
        methods = ", ".join(sorted(error.valid_methods or ()))
        if exchange.is_control:
            raise Problem(405, f"this path answers {methods} only", headers={"Allow": methods})
        raise NotFound("Not Found", hint=f"this path answers {methods} only")
    raise NotFound("Not Found", hint=_NO_ENDPOINT + _suggestion(exchange))


def _suggestion(exchange: Exchange) -> str:
    """Name the endpoint that is nearest to the path; empty for what controls the mock."""
    near = None if exchange.is_control else nearest_path(exchange.request.path)
    return f"; did you mean {near}?" if near else ""


def _is_visit(request: Request) -> bool:
    """Return whether a browser shows the answer to a person."""
    accepted = request.headers.get("Accept") or ""
    return request.method in ("GET", "HEAD") and "text/html" in accepted


def _not_built(path: str, message: str) -> Refusal:
    hint = f"Auth0 has this endpoint and this mock has not yet: see {DOCS_URL}/fidelity.md"
    if path.startswith("/api/"):
        return ApiRefusal(501, message, error_code="not_implemented", hint=hint)
    return NotImplementedHere(message, hint=hint)


UNMATCHED = Route(endpoint="nowhere", path="", methods=(), handler=_nowhere)
