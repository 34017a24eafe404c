"""`/passwordless/start`, `/passwordless/verify` and `/passwordless/verify_redirect`."""

from __future__ import annotations

from mockidp.flows.passwordless.send import VERIFY_REDIRECT
from mockidp.flows.passwordless.start import start_passwordless
from mockidp.flows.passwordless.verify import (
    LoggedIn,
    check_verification_code,
    verify_and_redirect,
)
from mockidp.protocol.request_parameters.passwordless import (
    PASSWORDLESS_START,
    PASSWORDLESS_VERIFY,
    PASSWORDLESS_VERIFY_REDIRECT,
)
from mockidp.web.cookies.remember import remembered_browser
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import json_response, redirect
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route


def _start(exchange: Exchange, _pages: Pages) -> Reply:
    body = start_passwordless(
        exchange.tenant,
        exchange.base_url,
        exchange.body_only(),
        language=exchange.environ.get("HTTP_X_REQUEST_LANGUAGE"),
    )
    return Reply(json_response(body))


def _verify(exchange: Exchange, _pages: Pages) -> Reply:
    check_verification_code(exchange.tenant, exchange.body_only())
    return Reply(json_response({}))


def _verify_redirect(exchange: Exchange, _pages: Pages) -> Reply:
    outcome = verify_and_redirect(
        exchange.tenant,
        exchange.base_url,
        exchange.query(),
        remembered=remembered_browser(exchange),
    )
    if not isinstance(outcome, LoggedIn):
        return Reply(outcome)
    resume = redirect(f"{exchange.prefix}/authorize/resume?state={outcome.state}")
    return Reply(outcome.response or resume, session=outcome.session)


ROUTES = (
    Route(
        endpoint="passwordless_start",
        path="/passwordless/start",
        methods=("POST",),
        handler=_start,
        parameters=PASSWORDLESS_START,
        cors="listed",
    ),
    Route(
        endpoint="passwordless_verify",
        path="/passwordless/verify",
        methods=("POST",),
        handler=_verify,
        parameters=PASSWORDLESS_VERIFY,
        cors="listed",
    ),
    Route(
        endpoint="passwordless_verify_redirect",
        path=VERIFY_REDIRECT,
        methods=("GET",),
        handler=_verify_redirect,
        parameters=PASSWORDLESS_VERIFY_REDIRECT,
        refuses_on_page=True,
    ),
)
