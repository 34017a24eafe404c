"""The Flask app: every endpoint behind one way in and one way out."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from email.utils import formatdate
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from flask import Flask, request
from flask import Response as FlaskResponse
from werkzeug import Response
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException

from mockidp.flows.hints.unsupported_fields import advise_unsupported
from mockidp.protocol.hint import HEADER, encode_hint, shorten_hint
from mockidp.protocol.oauth_error import NotFound, OAuthError, ServerError
from mockidp.protocol.refusal import Refusal
from mockidp.protocol.response_mode import AuthorizationResponse
from mockidp.tenant.tenant import Tenant
from mockidp.web import control, endpoints, hosted
from mockidp.web.cors import add_cors_headers, preflight
from mockidp.web.cors_hint import cors_hint
from mockidp.web.endpoints.unmatched import UNMATCHED
from mockidp.web.exchange import Exchange
from mockidp.web.fault_hook import ExchangeFaults
from mockidp.web.framing import forbid_frames
from mockidp.web.journal_hook import record
from mockidp.web.pages import Pages
from mockidp.web.render import authorization_response, refusal, refusal_page
from mockidp.web.route import Answer, Route
from mockidp.web.tenant_router import TENANT_KEY, TenantRouter

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_ROUTINE = {("health", 200), ("control", 408)}
"""What is asked every second or so: a container's health, and whether something came meanwhile."""
SERVER = "mockidp"
_BUG = "%s: this is a bug in mockidp"


_building = threading.Lock()


def create_app(tenant: Tenant, *, ca_pem: str = "", control_token: str = "") -> TenantRouter:
    """Return the WSGI app that serves a tenant.

    Args:
        tenant: The first tenant; others may be made beside it at run time.
        ca_pem: What `/_mockidp/ca.pem` answers.
        control_token: The bearer token that steers the mock; by default none is demanded.
    """
    with _building:
        app = _flask_app()
    return TenantRouter(
        app.wsgi_app, _control_app, tenant, ca_pem=ca_pem, control_token=control_token
    )


def _control_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer a call of the control API, whose app is made at the first one."""
    with _building:
        app = _made_control_app()
    return app.wsgi_app(environ, start_response)


@cache
def _made_control_app() -> Flask:
    """Return the app that steers mocks: 20 ms that a start need not wait for."""
    from mockidp.web.console import routes as console  # noqa: PLC0415 - see above
    from mockidp.web.control import operations  # noqa: PLC0415 - see above

    return _make_app((*operations.ROUTES, *console.ROUTES))


@cache
def _flask_app() -> Flask:
    """Return the app of all tenants of the process: it knows none, and takes 20 ms to make."""
    return _make_app((*endpoints.ROUTES, *hosted.ROUTES, *control.ROUTES))


class _ExactResponse(FlaskResponse):
    """An answer whose `Location` is sent as it is.

    Werkzeug normalizes it on the way out: it drops slashes of `myapp:///callback`, lower-cases
    scheme and host, escapes `|^[]`, and raises for a port above 65535.
    """

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """Return the headers for the server, with the location as it was set."""
        location = self.headers.pop("Location", None)
        headers = super().get_wsgi_headers(environ)
        if location is not None:
            headers["Location"] = self.headers["Location"] = location
        return headers


def _make_app(routes: Iterable[Route]) -> Flask:
    app = Flask("mockidp", static_folder=None, template_folder=None)
    app.response_class = _ExactResponse
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    pages = Pages()
    add_routes(app, routes, pages)
    nowhere = _make_view(UNMATCHED, pages)
    app.register_error_handler(HTTPException, lambda _error: nowhere())
    return app


def add_routes(app: Flask, routes: Iterable[Route], pages: Pages) -> None:
    """Register endpoints, each with OPTIONS where other origins may call it."""
    for number, route in enumerate(routes):
        methods = (*route.methods, "OPTIONS") if route.cors != "none" else route.methods
        app.add_url_rule(
            route.path,
            endpoint=f"{route.endpoint}.{number}",
            view_func=_make_view(route, pages),
            methods=methods,
            provide_automatic_options=False,
        )


def _make_view(route: Route, pages: Pages) -> Callable[..., Response]:
    logger = logging.getLogger(f"mockidp.{route.endpoint}")

    def view(**_path: str) -> Response:
        current = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - the object, not its proxy
        exchange = Exchange(current.environ[TENANT_KEY], current, max_body=route.max_body)
        try:
            return _exchange(exchange, route, pages, logger)
        except Exception:
            # What failed may be the journal, a header or the log line, so none of them is tried.
            logger.exception(_BUG, route.endpoint)
            return refusal(exchange, _internal_error())

    return view


def _exchange(exchange: Exchange, route: Route, pages: Pages, logger: logging.Logger) -> Response:
    """Answer a request: handle it, apply faults, add headers, journal and log it."""
    faults = ExchangeFaults(exchange, route)
    exchange.tenant.trace.begin()
    error: Refusal | None = None
    try:
        response = _handle(exchange, route, pages, faults)
    except Refusal as refused:
        error = refused
    except Exception:
        logger.exception(_BUG, route.endpoint)
        exchange.is_bug = True
        error = _internal_error()
    if error is not None:
        error.forget_origin()
        response = _refuse(exchange, route, pages, error)
    faults.spoil(response)
    exchange.add_hint(exchange.unread)
    exchange.add_hint(cors_hint(exchange, route.cors))
    exchange.hint = shorten_hint(exchange.hint)
    _finish(exchange, route, response)
    record(exchange, route, response)
    _log(logger, exchange, route, response)
    return response


def _handle(exchange: Exchange, route: Route, pages: Pages, faults: ExchangeFaults) -> Response:
    exchange.open()
    if exchange.request.method == "OPTIONS" and route.cors != "none":
        return preflight(route.methods)
    answer = faults.answer_instead()
    with exchange.tenant.backend.transaction():
        if answer is None:
            answer = route.handler(exchange, pages)
        response = _render(exchange, pages, answer)
    if not exchange.refused:
        advise_unsupported(exchange.tenant)
    return response


def _internal_error() -> Refusal:
    return ServerError("Internal error", hint="a bug in mockidp: see its log")


def _render(exchange: Exchange, pages: Pages, answer: Answer) -> Response:
    if isinstance(answer, AuthorizationResponse):
        return authorization_response(exchange, pages, answer)
    return answer


def _refuse(exchange: Exchange, route: Route, pages: Pages, error: Refusal) -> Response:
    exchange.refused, exchange.hint = error, error.hint
    trace = exchange.tenant.trace
    # Where no check of a flow has failed, a fault answers, or the request as such was wrong.
    trace.refuse("fault" if trace.faults else "request", error)
    is_page = route.refuses_on_page and not isinstance(error, NotFound)
    if isinstance(error, OAuthError) and is_page:
        return refusal_page(exchange, pages, error)
    return refusal(exchange, error)


def _finish(exchange: Exchange, route: Route, response: Response) -> None:
    headers = response.headers
    headers.setdefault("Server", SERVER)
    headers.setdefault("Date", _http_date(int(exchange.tenant.now())))
    if exchange.request_id:
        headers["X-Auth0-RequestId"] = exchange.request_id
    headers["X-Content-Type-Options"] = "nosniff"
    forbid_frames(exchange, response)
    if exchange.hint:
        headers[HEADER] = encode_hint(exchange.hint)
    if route.rate_limit and "X-RateLimit-Limit" not in headers:
        headers["X-RateLimit-Limit"] = str(route.rate_limit)
        headers["X-RateLimit-Remaining"] = str(route.rate_limit - 1)
        headers["X-RateLimit-Reset"] = str(int(exchange.tenant.now()) + 1)
    if route.cors != "none":
        add_cors_headers(
            response, exchange.tenant, route.cors, exchange.request.environ.get("HTTP_ORIGIN")
        )


@lru_cache(maxsize=8)
def _http_date(second: int) -> str:
    return formatdate(second, usegmt=True)


def _log(
    logger: logging.Logger,
    exchange: Exchange,
    route: Route,
    response: Response,
) -> None:
    """Write the exchange's one line."""
    is_routine = (route.endpoint, response.status_code) in _ROUTINE
    level = logging.DEBUG if is_routine else logging.INFO
    if not logger.isEnabledFor(level):
        return
    parts: list[str] = [route.endpoint, str(response.status_code)]
    if exchange.refused is not None:
        parts.append(exchange.refused.error)
    client = exchange.tenant.trace.notes.get("client") or exchange.client_id
    if client:
        parts.append(f"client={client[:64]!r}")
    if exchange.hint:
        parts.append(f"hint={exchange.hint!r}")
    logger.log(level, " ".join(parts))
