"""`/users/{id}/impersonate`: request a link, and open it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from mockidp.flows.clients.api_v1 import check_api_v1_token
from mockidp.flows.impersonation.check import Opening
from mockidp.flows.impersonation.explain import hint_about_link
from mockidp.flows.impersonation.open import open_link
from mockidp.flows.impersonation.request import make_link
from mockidp.flows.impersonation.request_hints import hint_for_request
from mockidp.flows.requests.bearer import parse_bearer
from mockidp.protocol.errors.oauth_error import InvalidRequest, NotFound
from mockidp.protocol.errors.refusal import ApiRefusal
from mockidp.protocol.impersonation.link_request import (
    ImpersonationRequest,
    parse_impersonation_request,
    unbracket,
)
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.urls.origin import origin_of
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import NEVER_CACHED, text_response
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route
from mockidp.web.routing.route_table import ID

PATH = f"/users/{ID}/impersonate"
# The route of links whose path was changed in transit.
_NEAR = f"/users/{ID}"
_USER_ID = re.compile(r"/users/([^/]+)/impersonate")
# POST always requests a link. Hawk refuses the other methods than GET.
_OPENING = ("GET", "PUT", "PATCH", "DELETE")


def _request_link(exchange: Exchange, _pages: Pages) -> Reply:
    with _api_refusals():
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
        # One of the old SDKs decodes every JSON response, and another uses the whole body as the
        # URL, so the body is the bare URL and not JSON.
        content_type="text/html; charset=utf-8",
    )
    return Reply(response, hint_for_request(exchange.tenant, request))


@contextmanager
def _api_refusals() -> Iterator[None]:
    """Raise refusals of malformed requests in the format of the Management API."""
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
        # No property is found in JSON with a form's content type.
        error.hint = body.why_absent("") or error.hint
        raise


def _nested(exchange: Exchange, body: Mapping[str, Any]) -> Mapping[str, Any]:
    return body if exchange.request.is_json else unbracket(body)


def _user_id(exchange: Exchange) -> str:
    """Return the user's id from the raw URL, because servers differ in what they decode."""
    match = _USER_ID.fullmatch(exchange.target.partition("?")[0].removeprefix(exchange.prefix))
    return unquote(match[1]) if match else ""


def _opening(exchange: Exchange) -> Opening:
    return Opening(
        method=exchange.method,
        origin=origin_of(exchange.base_url),
        target=exchange.target,
        has_authorization=bool(exchange.authorization),
    )


def _open(exchange: Exchange, _pages: Pages) -> Reply:
    opening = _opening(exchange)
    opened = open_link(exchange.tenant, exchange.base_url, opening)
    hint = ""
    if opening.method == "HEAD":
        hint = "HEAD does not use up the link. The code or tokens in this answer are not valid."
    return Reply(opened.response, hint, session=opened.session)


def _open_changed(exchange: Exchange, pages: Pages) -> Reply:
    if "bewit=" in exchange.target:
        return _open(exchange, pages)
    hint = hint_about_link(exchange.tenant, _opening(exchange))
    raise NotFound("Not Found", hint=f"This path has only impersonation links. {hint}")


ROUTES = (
    Route(endpoint="impersonate", path=PATH, methods=("POST",), handler=_request_link),
    Route(endpoint="impersonation_link", path=PATH, methods=_OPENING, handler=_open),
    Route(
        endpoint="impersonation_link",
        path=_NEAR,
        methods=_OPENING,
        handler=_open_changed,
        simplified="Only a link whose path was changed, which is refused with the cause.",
    ),
)
