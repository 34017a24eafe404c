"""The request pipeline: every request to every tenant takes these steps, in this order.

1. select tenant: `web.tenants.router`, by path prefix or host name, before the pipeline is called
2. match: find the route, once
3. parse: read target and host (`Exchange.open`); parameters are parsed when they are read
4. faults before: delay the answer, or replace it (`faults`)
5. rate limits: count the request, and refuse it if there were too many (`rate_limits`)
6. handle: call the route's handler, which returns a `Reply` or raises a `Refusal`
7. render: turn authorization responses and refusals into HTTP responses (`render`)
8. faults after: change the response (`faults`)
9. headers: add those that every response has, the hint among them (`headers`)
10. journal: record the exchange (`journal`)
11. metrics: count the exchange (`metrics`)
12. log: write one line

Steps 6 and 7 are one transaction. Hints and refusals are passed in return values only.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable
from functools import cache, partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from mockidp.flows.hints.unsupported_fields import advise_unsupported
from mockidp.flows.requests.rate_limits import is_limited
from mockidp.protocol.errors.hint import join_hints, shorten_hint
from mockidp.protocol.errors.oauth_error import NotFound, OAuthError, ServerError
from mockidp.protocol.errors.refusal import Refusal
from mockidp.server.response import Pieces
from mockidp.web.endpoints.unmatched import START, UNMATCHED, is_visit, unmatched_route
from mockidp.web.pages.pages import Pages
from mockidp.web.pipeline.journal import record
from mockidp.web.pipeline.metrics import count
from mockidp.web.pipeline.outcome import Outcome
from mockidp.web.request.exchange import Exchange
from mockidp.web.request.target import decoded_path, raw_path
from mockidp.web.response.cors import preflight
from mockidp.web.response.cors_hint import cors_hint
from mockidp.web.response.headers import headers_of
from mockidp.web.response.render import refusal_page, refusal_response, render
from mockidp.web.routing.route import Route
from mockidp.web.routing.route_module import RouteModule
from mockidp.web.routing.route_table import RouteTable
from mockidp.web.tenants.router import TENANT_KEY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from mockidp.web.pipeline.faults import EndpointFaults

_ROUTINE = {
    ("health", 200), ("control", 408), ("console", 204), ("favicon", 204), ("metrics", 200),
}  # fmt: skip
"""Automatic requests, which are logged at level DEBUG: health checks, polls, favicons, scrapes."""
_BUG = "%s: this is a bug in mockidp"
_CONSOLE = ("console", "start", "try")
_BODILESS = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


class Pipeline:
    """The WSGI app of some routes. It serves all tenants and keeps no state.

    Attributes:
        routes: The routes, as given, without those of modules.
    """

    def __init__(
        self,
        routes: Iterable[Route],
        *,
        modules: Iterable[RouteModule] = (),
        is_raw: bool = False,
        unmatched: Callable[[WSGIEnvironment, str], Route] = unmatched_route,
        notices_all: bool = True,
    ) -> None:
        """Create the app.

        Args:
            routes: Routes.
            modules: Modules of more routes.
            is_raw: Whether paths are matched as they were sent. If so, an escaped slash is part of
                an id, and a variable part is one segment.
            unmatched: Returns the route of an environment and a path that have no other.
            notices_all: Whether answers have what other processes changed last, even if it is only
                how often a user has logged in.
        """
        self.routes = tuple(routes)
        self._table = RouteTable(self.routes, modules=modules, is_raw=is_raw)
        self._is_raw, self._unmatched = is_raw, unmatched
        self._notices_all = notices_all
        self._pages = Pages()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request to the tenant in the environment."""
        path, method = decoded_path(environ), environ["REQUEST_METHOD"].upper()
        wanted = raw_path(environ) if self._is_raw else path
        route = self._table.find(wanted, method)
        allowed = () if route else self._table.methods_at(wanted)
        exchange = Exchange(
            environ[TENANT_KEY],
            environ,
            method=method,
            path=path,
            route=route or self._unmatched(environ, path),
            allowed_methods=allowed,
        )
        if self._notices_all:
            exchange.tenant.backend.notice_all()
        try:
            with exchange.tenant.logout_delivery.held():
                outcome = _answer(exchange, self._pages)
                now = exchange.tenant.now()
                headers = headers_of(exchange, outcome, now)
                record(exchange, outcome, now)
            end = partial(exchange.once, "end", partial(_end, exchange, outcome))
            exchange.tenant.backend.after_commit(end)
            response = outcome.response
        except Exception:  # noqa: BLE001 - logged
            # One of these steps may have failed, so none is tried again.
            _log_bug(exchange)
            response = refusal_response(exchange, _internal_error())
            headers = list(response.headers)
        start_response(response.status, headers)
        if method == "HEAD" or response.status_code in _BODILESS:
            return []
        body = response.response
        return body if isinstance(body, Pieces | list) else [response.get_data()]


def _answer(exchange: Exchange, pages: Pages) -> Outcome:
    """Run the steps from parsing to the faults after, and collect the hints."""
    tenant = exchange.tenant
    tenant.trace.begin(exchange.address)
    tenant.injection.begin()
    faults = _faults_at(exchange)
    try:
        outcome = _handle(exchange, pages, faults)
    except Refusal as refused:
        outcome = _refuse(exchange, pages, refused)
    except Exception:  # noqa: BLE001 - logged
        _log_bug(exchange)
        outcome = _refuse(exchange, pages, _internal_error())
        outcome.is_bug = True
    if faults is not None:
        faults.after(outcome.response)
    tenant.injection.end()
    outcome.is_blocked_by_cors, why_blocked = cors_hint(exchange, outcome.refused)
    advice = [] if outcome.refused else tenant.trace.hints
    outcome.hint = shorten_hint(
        join_hints(outcome.hint, *advice, *tenant.injection.hints, exchange.unread, why_blocked)
    )
    return outcome


def _faults_at(exchange: Exchange) -> EndpointFaults | None:
    """Return the faults of an exchange; None if the tenant has none, and none has fired."""
    if not len(exchange.tenant.faults) and not exchange.has_done("faults"):
        return None
    # Most mocks have no faults and no rate limits: these imports would slow down each start.
    from mockidp.web.pipeline.faults import EndpointFaults  # noqa: PLC0415 - see above

    return EndpointFaults(exchange)


def _check_rate_limits(exchange: Exchange) -> None:
    if is_limited(exchange.tenant):
        from mockidp.web.pipeline.rate_limits import check_rate_limits  # noqa: PLC0415 - see above

        check_rate_limits(exchange)


def _handle(exchange: Exchange, pages: Pages, faults: EndpointFaults | None) -> Outcome:
    exchange.open()
    route, tenant = exchange.route, exchange.tenant
    if exchange.method == "OPTIONS" and route.cors != "none":
        return Outcome(preflight(route.methods))
    replacement = None if faults is None else faults.before()
    if replacement is None:
        _check_rate_limits(exchange)
    with tenant.backend.transaction():
        reply = replacement or route.handler(exchange, pages)
        outcome = render(exchange, pages, reply)
    if outcome.refused is None:
        advise_unsupported(tenant)
    return outcome


def _refuse(exchange: Exchange, pages: Pages, error: Refusal) -> Outcome:
    error.forget_origin()
    tenant = exchange.tenant
    # These names are for refusals without a failed check: by a fault, or before any flow.
    tenant.trace.refuse("fault" if tenant.injection.fired else "request", error)
    if isinstance(error, OAuthError) and _is_on_page(exchange, error):
        response = refusal_page(exchange, pages, error)
    else:
        response = refusal_response(exchange, error)
    return Outcome(response, hint=error.hint, refused=error)


def _is_on_page(exchange: Exchange, error: OAuthError) -> bool:
    """Return whether a refusal is a page, because a person sees it."""
    route = exchange.route
    if route in (START, UNMATCHED) or route.endpoint in _CONSOLE or isinstance(error, NotFound):
        return is_visit(exchange.environ)
    return exchange.route.refuses_on_page


def _internal_error() -> Refusal:
    return ServerError("Internal error", hint="This is a bug in mockidp. See its log.")


def _log_bug(exchange: Exchange) -> None:
    """Log the exception that is being handled."""
    log, endpoint = _logger(exchange.route).error, exchange.route.endpoint
    exchange.tenant.backend.after_commit(partial(log, _BUG, endpoint, exc_info=sys.exc_info()))


def _logger(route: Route) -> logging.Logger:
    return _logger_of(route.endpoint)


@cache
def _logger_of(endpoint: str) -> logging.Logger:
    return logging.getLogger(f"mockidp.{endpoint}")


def _end(exchange: Exchange, outcome: Outcome) -> None:
    """Count and log an exchange."""
    count(exchange, outcome)
    _log(exchange, outcome)


def _log(exchange: Exchange, outcome: Outcome) -> None:
    """Log an exchange in one line."""
    endpoint, status = exchange.route.endpoint, outcome.response.status_code
    logger = _logger(exchange.route)
    level = logging.DEBUG if (endpoint, status) in _ROUTINE else logging.INFO
    if not logger.isEnabledFor(level):
        return
    parts: list[str] = [endpoint, str(status)]
    if outcome.refused is not None:
        parts.append(outcome.refused.error)
    client = exchange.client
    if client:
        parts.append(f"client={client[:64]!r}")
    if outcome.hint:
        parts.append(f"hint={outcome.hint!r}")
    # `Logger.log` would look for the line that calls it, which takes a quarter of its time.
    text = " ".join(parts)
    logger.handle(logger.makeRecord(logger.name, level, __file__, 0, text, (), None, "_log"))
