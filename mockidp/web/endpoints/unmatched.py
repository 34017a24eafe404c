"""Paths and methods without a route: 501 if Auth0 has an endpoint there, else 404.

Browsers get an error page, other clients JSON. Endpoints that are not implemented have no routes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from werkzeug import Response

from mockidp.errors import DOCS_URL
from mockidp.protocol.errors.oauth_error import NotFound, NotImplementedHere
from mockidp.protocol.errors.problem import Problem
from mockidp.protocol.errors.refusal import ApiRefusal
from mockidp.protocol.legacy import api_v1
from mockidp.protocol.urls.origin import origin_of
from mockidp.web.endpoints.nearest_path import nearest_path
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import redirect
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

PATHS: Mapping[str, str] = {
    "/bc-authorize": "Client-initiated backchannel authentication (CIBA)",
}
"""Paths of endpoints that are not implemented, each with its feature."""
PREFIXES: Mapping[str, str] = {
    "/samlp/": "SAML",
    "/wsfed/": "WS-Federation",
}
"""The starts of such paths."""

_NO_ENDPOINT = "Neither Auth0 nor this mock has such an endpoint."
_IMPLIED_METHODS = ("HEAD", "OPTIONS")
_MAX_METHOD = 20


def unmatched_route(environ: WSGIEnvironment, path: str) -> Route:
    """Return the route of a request whose path or method has no other route."""
    return START if path == "/" and is_visit(environ) else UNMATCHED


def is_visit(environ: WSGIEnvironment) -> bool:
    """Return whether a browser will show the response to a person."""
    accepted = environ.get("HTTP_ACCEPT") or ""
    return environ["REQUEST_METHOD"].upper() in ("GET", "HEAD") and "text/html" in accepted


def _redirect_to_start(exchange: Exchange, _pages: Pages) -> Reply:
    return Reply(redirect(f"{exchange.prefix}/_mockidp/"))


def _no_icon(_exchange: Exchange, _pages: Pages) -> Reply:
    return Reply(Response(status=204, headers={"Cache-Control": "public, max-age=86400"}))


def _refuse(exchange: Exchange, _pages: Pages) -> Reply:
    """Refuse a path or a method without a route. Auth0 answers 404 to both."""
    path, method = exchange.path, exchange.method
    allowed = exchange.allowed_methods
    if feature := _feature_of(path):
        message = f"{method} {path} is not implemented by mockidp"
        raise _not_implemented(message, feature)
    if path.startswith(api_v1.PREFIX):
        raise ApiRefusal(404, "Not Found", hint=_explain_v1(method, path))
    if allowed:
        use = " or ".join(one for one in allowed if one not in _IMPLIED_METHODS)
        hint = f"This path does not accept {method[:_MAX_METHOD]}. Use {use}."
        if exchange.is_control:
            raise Problem(405, hint, headers={"Allow": ", ".join(allowed)})
        raise NotFound("Not Found", hint=hint)
    raise NotFound("Not Found", hint=_NO_ENDPOINT + _suggestion(exchange))


def _suggestion(exchange: Exchange) -> str:
    """Return a sentence about what the path was meant to be; empty for the control API."""
    if "bewit=" in exchange.target and not exchange.is_control:
        # Such a link is rare, and its checks would slow down each start.
        from mockidp.flows.impersonation.check import Opening  # noqa: PLC0415 - see above
        from mockidp.flows.impersonation.explain import hint_about_link  # noqa: PLC0415 - see above

        origin, method = origin_of(exchange.base_url), exchange.method
        opening = Opening(method=method, origin=origin, target=exchange.target)
        return f" {hint_about_link(exchange.tenant, opening)}".rstrip()
    near = None if exchange.is_control else nearest_path(exchange.path)
    return f" Did you mean {near}?" if near else ""


def _explain_v1(method: str, path: str) -> str:
    removed = f"{api_v1.REMOVED}, had the paths below {api_v1.PREFIX}."
    call = api_v1.replacement_of(method, path)
    return f"{removed} Use {call} instead." if call else f"{removed} Use a call of v2 instead."


def _feature_of(path: str) -> str:
    """Return the feature of Auth0 that has a path; empty if mockidp has it or Auth0 does not."""
    below = (feature for prefix, feature in PREFIXES.items() if path.startswith(prefix))
    return PATHS.get(path) or next(below, "")


def _not_implemented(message: str, feature: str) -> NotImplementedHere:
    hint = (
        f"Auth0 has this endpoint ({feature}), but mockidp does not have it. See "
        f"{DOCS_URL}/fidelity.md."
    )
    return NotImplementedHere(message, hint=hint)


UNMATCHED = Route(endpoint="unmatched", path="", methods=(), handler=_refuse)
START = Route(endpoint="start", path="", methods=(), handler=_redirect_to_start, is_recorded=False)
"""A browser at the bare URL of the mock."""
FAVICON = Route(
    endpoint="favicon", path="/favicon.ico", methods=("GET",), handler=_no_icon, is_recorded=False
)
"""Browsers request it on their own."""
ROUTES = (FAVICON,)
