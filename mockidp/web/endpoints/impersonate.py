"""`/users/{id}/impersonate`: asking for a link, and opening it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from mockidp.flows.api_v1 import check_api_v1_token
from mockidp.flows.bearer import parse_bearer
from mockidp.flows.impersonation.check import Opening
from mockidp.flows.impersonation.open import open_link
from mockidp.flows.impersonation.request import make_link
from mockidp.flows.impersonation.request_hints import hint_for_request
from mockidp.protocol.impersonation import (
    ImpersonationRequest,
    parse_impersonation_request,
    unbracket,
)
from mockidp.protocol.oauth_error import InvalidRequest, NotFound
from mockidp.protocol.origin import origin_of
from mockidp.protocol.parameters import Parameters
from mockidp.protocol.refusal import ApiRefusal
from mockidp.web.exchange import Exchange
from mockidp.web.pages import Pages
from mockidp.web.render import NEVER_CACHED, text_response
from mockidp.web.reply import Reply
from mockidp.web.route import Route

PATH = "/users/<path:_>/impersonate"
# A link whose path was changed on its way ends here.
_NEAR = "/users/<path:_>"
_USER_ID = re.compile(r"/users/([^/]+)/impersonate")
# POST always asks for a link. What else is no GET is Hawk's to refuse.
_OPENING = ("GET", "PUT", "PATCH", "DELETE")


def _ask(exchange: Exchange, _pages: Pages) -> Reply:
    with _refusing_as_an_api():
        header = exchange.authorization
        token = parse_bearer(header, exchange.query())
        check_api_v1_token(exchange.tenant, token, authorization=header)
        body = exchange.body_only("access_token")
    request = _parse(exchange, body)
    browser_url = exchange.tenant.browser_url(exchange.base_url)
    link = make_link(exchange.tenant, browser_url, _user_id(exchange), request)
    response = text_response(
        link.url,
        headers={"Cache-Control": NEVER_CACHED},
        # Not JSON, and nothing but the URL: of the old SDKs one decodes whatever says it is JSON,
        # and another takes the whole body for a URL.
        content_type="text/html; charset=utf-8",
    )
    return Reply(response, hint_for_request(exchange.tenant, request))


@contextmanager
def _refusing_as_an_api() -> Iterator[None]:
    """Turn what is wrong with a request as such into the shape of the Management API."""
    try:
        yield
    except InvalidRequest as error:
        too_large = error.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        code = "" if too_large else "invalid_body"
        raise ApiRefusal(
            error.status, error.description, error_code=code, hint=error.hint
        ) from None


def _parse(exchange: Exchange, body: Parameters) -> ImpersonationRequest:
    try:
        return parse_impersonation_request(_nested(exchange, body.raw()))
    except ApiRefusal as error:
        # Of JSON under a form's content type no property is found.
        error.hint = body.why_absent("") or error.hint
        raise


def _nested(exchange: Exchange, body: Mapping[str, Any]) -> Mapping[str, Any]:
    return body if exchange.request.is_json else unbracket(body)


def _user_id(exchange: Exchange) -> str:
    """Read the id from the URL as sent: servers differ in what they decode."""
    match = _USER_ID.fullmatch(exchange.target.partition("?")[0].removeprefix(exchange.prefix))
    return unquote(match[1]) if match else ""


def _open(exchange: Exchange, _pages: Pages) -> Reply:
    opening = Opening(
        method=exchange.request.method,
        origin=origin_of(exchange.base_url),
        target=exchange.target,
        has_authorization=bool(exchange.authorization),
    )
    opened = open_link(exchange.tenant, exchange.base_url, opening)
    hint = ""
    if opening.method == "HEAD":
        hint = "HEAD does not use up the link. The code or tokens in this answer are not valid."
    return Reply(opened.response, hint, session=opened.session)


def _open_changed(exchange: Exchange, pages: Pages) -> Reply:
    if "bewit=" in exchange.target:
        return _open(exchange, pages)
    raise NotFound(
        "Not Found",
        hint="This path has only impersonation links, and the URL has no parameter `bewit`.",
    )


ROUTES = (
    Route(endpoint="impersonate", path=PATH, methods=("POST",), handler=_ask),
    Route(endpoint="impersonation_link", path=PATH, methods=_OPENING, handler=_open),
    Route(endpoint="impersonation_link", path=_NEAR, methods=_OPENING, handler=_open_changed),
)
