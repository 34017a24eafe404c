"""Responses as Auth0 sends them: bodies, statuses and headers.

`render` is the pipeline's step that turns a reply into a response; `refusal_response` and
`refusal_page` do the same for a refusal that was raised. The rest is for handlers.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from werkzeug import Response
from werkzeug.datastructures import Headers

from mockidp.frozen import replace
from mockidp.protocol.compact_json import compact_json
from mockidp.protocol.errors.oauth_error import OAuthError, TooManyRequests
from mockidp.protocol.errors.problem import Problem
from mockidp.protocol.errors.refusal import ApiRefusal, JsonRefusal, Refusal
from mockidp.protocol.my_account import MyAccountRefusal
from mockidp.protocol.oauth.response_mode import AuthorizationResponse
from mockidp.protocol.scim.refusal import ScimRefusal
from mockidp.web.control_token import has_control_token
from mockidp.web.cookies.session import set_session_cookie
from mockidp.web.pages.pages import Pages
from mockidp.web.pipeline.outcome import Outcome
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.reply import Reply

NEVER_CACHED = (
    "private, no-store, no-cache, must-revalidate, post-check=0, pre-check=0, no-transform"
)
_JSON = "application/json"
SCIM_JSON = "application/scim+json"
"""The content type of SCIM (RFC 7644 3.1)."""
_PROBLEM_JSON = "application/problem+json"
_HTML = "text/html; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"
_URL_CHARACTERS = "!#$%&'()*+,/:;=?@[\\]^_|~"
"""Characters that a Location keeps; Auth0's framework percent-encodes the rest."""


def json_response(
    body: Mapping[str, Any] | Sequence[Mapping[str, Any]] | bytes,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    *,
    content_type: str = _JSON,
) -> Response:
    """Return a JSON response in the key order of `body`. Bytes are JSON already."""
    if not isinstance(body, bytes):
        body = compact_json(body)
    return text_response(body, status, headers, content_type=content_type)


def text_response(
    text: str | bytes,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    *,
    content_type: str = _TEXT,
) -> Response:
    """Return a response of plain text, or of another content type."""
    body = text.encode() if isinstance(text, str) else text
    ends = (("Content-Type", content_type), ("Content-Length", str(len(body))))
    # Given text and separate headers, Werkzeug takes three times as long.
    made = Headers()
    made[:] = (*(headers or {}).items(), *ends)
    return Response([body], status, made)


def page(html: str, status: int = 200) -> Response:
    """Return a page that no cache keeps."""
    return text_response(html, status, {"Cache-Control": NEVER_CACHED}, content_type=_HTML)


def redirect(location: str) -> Response:
    """Return a 302, with the body that Auth0's framework gives it."""
    location = quote(location, safe=_URL_CHARACTERS)
    headers = {"Location": location, "Cache-Control": NEVER_CACHED}
    return text_response(f"Found. Redirecting to {location}", 302, headers)


def render(exchange: Exchange, pages: Pages, reply: Reply) -> Outcome:
    """Return the response of a reply, with the cookie of its session."""
    if isinstance(reply.response, AuthorizationResponse):
        answer = reply.response if reply.response.page else _at_callback(exchange, reply.response)
        refused = answer.refusal
        outcome = Outcome(
            _authorization_response(exchange, pages, answer),
            hint=refused.hint if refused else reply.hint,
            refused=refused,
            is_framable=True,
        )
    else:
        outcome = Outcome(reply.response, hint=reply.hint, refused=reply.refused)
    if reply.session is not None:
        set_session_cookie(exchange, outcome.response, reply.session)
    return outcome


def _at_callback(exchange: Exchange, answer: AuthorizationResponse) -> AuthorizationResponse:
    """Return an authorization response as the client gets it, with `iss` and after faults."""
    tenant, notes = exchange.tenant, exchange.tenant.trace.notes
    return tenant.injection.in_callback(
        _with_issuer(exchange, answer), client=notes.get("client"), user=notes.get("user")
    )


def _authorization_response(
    exchange: Exchange, pages: Pages, answer: AuthorizationResponse
) -> Response:
    """Return a redirect, or a page that posts itself."""
    if answer.page:
        return redirect(exchange.prefix + answer.page)
    if answer.mode == "form_post":
        return page(pages.form_post(redirect_uri=answer.redirect_uri, parameters=answer.parameters))
    if answer.mode == "web_message":
        html = pages.web_message(
            target_origin=answer.target_origin,
            parameters=answer.parameters,
            relay=asdict(answer.relay) if answer.relay else {},
        )
        return page(html)
    return redirect(answer.location)


def _with_issuer(exchange: Exchange, answer: AuthorizationResponse) -> AuthorizationResponse:
    """Add the `iss` of RFC 9207 if the tenant supports it."""
    tenant = exchange.tenant
    if not tenant.directory.configuration.tenant.authorization_response_iss_parameter_supported:
        return answer
    parameters = {**answer.parameters, "iss": tenant.issuer(exchange.base_url)}
    return replace(answer, parameters=parameters)


def refusal_response(exchange: Exchange, error: Refusal) -> Response:
    """Return a refusal as JSON, plain text, or problem details."""
    headers = {**error.headers(), "Cache-Control": NEVER_CACHED}
    if exchange.is_control:
        return _problem(error, headers)
    if exchange.route.refusals == "my_account" and not isinstance(error, MyAccountRefusal):
        error = MyAccountRefusal.of(error)
    if exchange.route.refusals == "scim":
        scim = error if isinstance(error, ScimRefusal) else ScimRefusal.of(error)
        return json_response(scim.body(), scim.status, headers, content_type=SCIM_JSON)
    if isinstance(error, OAuthError) and exchange.route.refusals == "management":
        code = error.code if isinstance(error, TooManyRequests) else ""
        error = ApiRefusal(error.status, error.description, error_code=code, hint=error.hint)
    if isinstance(error, OAuthError):
        standard = error.standard_status if exchange.tenant.settings.profile == "oidc" else None
        return json_response(error.body(), standard or error.status, headers)
    if isinstance(error, JsonRefusal):
        return json_response(error.body(), error.status, headers)
    return text_response(error.message, error.status, headers)


def _problem(error: Refusal, headers: Mapping[str, str]) -> Response:
    problem = (
        error if isinstance(error, Problem) else Problem(error.status, error.hint or error.message)
    )
    body = json.dumps(problem.body())
    return text_response(body, problem.status, headers, content_type=_PROBLEM_JSON)


def refusal_page(exchange: Exchange, pages: Pages, error: OAuthError) -> Response:
    """Return a refusal as a page for a person, or send it to the tenant's own error page."""
    url = exchange.tenant.directory.configuration.error_page_url
    if url is not None and exchange.route.refuses_on_page:
        return redirect(_with_error(exchange, url, error))
    html = pages.error(
        tenant_name=exchange.tenant.name,
        error=error.shown_code,
        description=error.description,
        tracking_id=exchange.request_id,
        status=error.status,
        hint=error.hint,
        curl=_curl(exchange),
        journal_url=_journal_url(exchange),
    )
    return page(html, error.status)


def _journal_url(exchange: Exchange) -> str:
    """Return where the console shows this request; empty if its journal has no such entry.

    The cookie of the console is not sent here. With a control token, only a request with that token
    is known to come from somebody who may see the console.
    """
    if not exchange.request_id or not has_control_token(exchange):
        return ""
    return f"{exchange.prefix}/_mockidp/journal/requests/{exchange.request_id}"


def _curl(exchange: Exchange) -> str:
    """Return a command that repeats a GET request; empty for forms, which can contain secrets."""
    if exchange.method != "GET":
        return ""
    origin = exchange.base_url.removesuffix(exchange.prefix)
    return f"curl -i {shlex.quote(origin + exchange.target)}"


def _with_error(exchange: Exchange, url: str, error: OAuthError) -> str:
    """Return the URL of a custom error page with the parameters that Auth0 adds."""
    sent = exchange.sent or {}
    parameters = {
        "client_id": exchange.client,
        "connection": sent.get("connection"),
        "lang": "en",
        "error": error.shown_code,
        "error_description": error.description,
        "tracking": exchange.request_id,
    }
    known = {name: str(value) for name, value in parameters.items() if value}
    return AuthorizationResponse(redirect_uri=url, mode="query", parameters=known).location
