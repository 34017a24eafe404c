"""The Management API over HTTP: routes, bodies, answers. `mockidp.management` has the operations.

Ids in a path may contain an escaped slash, so these routes match the path as it was sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from werkzeug import Response

from mockidp.flows.bearer import parse_bearer
from mockidp.flows.hints.tokens import describe_scheme
from mockidp.management.access import Caller, check_scopes, read_caller
from mockidp.management.operation import Call, Linked, Operation
from mockidp.management.operations import OPERATIONS
from mockidp.management.refusals import (
    insufficient_scope,
    invalid_body,
    invalid_query,
    not_found,
)
from mockidp.protocol.management_scopes import SCOPES
from mockidp.protocol.nearest import nearest
from mockidp.protocol.oauth_error import InvalidRequest
from mockidp.protocol.parameters import Parameters, parse_json_value
from mockidp.protocol.refusal import ApiRefusal
from mockidp.testing.records import UnknownRecordError
from mockidp.web import export_file
from mockidp.web.exchange import Exchange
from mockidp.web.multipart import read_multipart
from mockidp.web.pages import Pages
from mockidp.web.render import NEVER_CACHED, json_response
from mockidp.web.reply import Reply
from mockidp.web.route import Route

ENDPOINT = "management"
PREFIX = "/api/v2"
MAX_BODY = 1024 * 1024
"""Bytes (D)."""
_HEADERS = {"Cache-Control": NEVER_CACHED}
_RATE_LIMIT = 100
_VERBS = {"GET": "read", "HEAD": "read", "POST": "create", "DELETE": "delete"}


@dataclass(frozen=True, slots=True)
class _Handler:
    """Handles the requests of one operation."""

    operation: Operation

    def __call__(self, exchange: Exchange, _pages: Pages) -> Reply:
        operation = self.operation
        exchange.tenant.trace.note(operation=operation.title)
        caller = _caller(exchange)
        check_scopes(exchange.tenant, caller, operation.scopes)
        call = Call(
            tenant=exchange.tenant,
            url=exchange.base_url,
            caller=caller,
            ids=_ids(operation, exchange),
            query=_query(operation, exchange),
            body={} if operation.has_list else _body(operation, exchange),
            items=_items(exchange) if operation.has_list else (),
        )
        answer = _run(operation, call)
        if answer is None:
            empty = Response(status=HTTPStatus.NO_CONTENT, headers=_HEADERS)
            del empty.headers["Content-Type"]
            return Reply(empty)
        if isinstance(answer, Linked):
            headers = {**_HEADERS, "Link": f'<{answer.url}>; rel="next"'}
            return Reply(json_response(answer.body, operation.status, headers))
        return Reply(json_response(answer, operation.status, _HEADERS))


def _run(operation: Operation, call: Call) -> Any:
    """Return the answer. If a record is deleted after it was checked, the check is repeated."""
    try:
        return operation.handler(call)
    except UnknownRecordError:
        return operation.handler(call)


def _caller(exchange: Exchange) -> Caller:
    header = exchange.authorization
    why = describe_scheme(header, "Bearer") or "Send `Authorization: Bearer <token>`."
    token = parse_bearer(header, Parameters({}))
    return read_caller(exchange.tenant, exchange.base_url, token, why_absent=why)


def _ids(operation: Operation, exchange: Exchange) -> tuple[str, ...]:
    path = exchange.target.partition("?")[0].removeprefix(exchange.prefix + PREFIX)
    segments = zip(operation.path.split("/"), path.split("/"), strict=False)
    return tuple(unquote(sent) for declared, sent in segments if declared == "{id}")


def _query(operation: Operation, exchange: Exchange) -> Mapping[str, str]:
    sent = {name: str(value) for name, value in exchange.query().raw().items()}
    other = [name for name in sent if name not in operation.query]
    with exchange.tenant.trace.check("query", names=tuple(sent)):
        if other:
            near = nearest(other[0], sorted(operation.query))
            meant = f" Did you mean {near}?" if near else ""
            raise invalid_query(
                f"Additional properties not allowed: {','.join(other)}",
                hint=f"This call does not accept the query parameter {other[0]}.{meant}",
            )
    return sent


def _body(operation: Operation, exchange: Exchange) -> Mapping[str, Any]:
    """Return the JSON body. SDKs also send an empty one, or null, with GET and DELETE."""
    with exchange.tenant.trace.check("body_format"):
        try:
            if operation.has_form:
                return read_multipart(exchange)
            if exchange.data().strip() in (b"", b"null"):
                return {}
            return exchange.body().raw()
        except InvalidRequest as error:
            raise _unreadable(error) from None


def _items(exchange: Exchange) -> Sequence[Any]:
    """Return the JSON list of a body."""
    with exchange.tenant.trace.check("body_format"):
        try:
            found = parse_json_value(exchange.data())
        except InvalidRequest as error:
            raise _unreadable(error) from None
        if not isinstance(found, list):
            raise invalid_body("Expected type array", hint="Send a JSON list as the body.")
    return found


def _unreadable(error: InvalidRequest) -> ApiRefusal:
    if error.status != HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return invalid_body("Invalid JSON", hint=error.hint)
    return ApiRefusal(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"Payload content length greater than maximum allowed: {MAX_BODY}",
        hint=f"The body has more than {MAX_BODY} bytes.",
    )


def _unmatched(exchange: Exchange, _pages: Pages) -> Reply:
    """Refuse a call that is not built as Auth0 refuses one without a scope, and others with 404.

    Auth0's tools skip a resource for which they have no scope, and repeat a call that fails.
    """
    method, path = exchange.request.method, exchange.request.path
    noun = path.removeprefix(f"{PREFIX}/").partition("/")[0].replace("-", "_")
    verb = _VERBS.get(method, "update")
    scope = f"{verb}:{noun}"
    _caller(exchange)
    with exchange.tenant.trace.check("operation", method=method, path=path):
        if scope not in SCOPES:
            raise not_found("Not Found", hint=f"The Management API has no call {method} {path}.")
        raise insufficient_scope(
            [scope], hint=f"The Management API of mockidp does not have {method} {path} yet."
        )


UNMATCHED = Route(
    endpoint=ENDPOINT, path="", methods=(), handler=_unmatched, is_api=True, max_body=MAX_BODY
)
"""Calls without an operation."""
ROUTES = (
    *(
        Route(
            endpoint=ENDPOINT,
            is_api=True,
            path=PREFIX + one.path,
            methods=(one.method,),
            handler=_Handler(one),
            max_body=MAX_BODY,
            rate_limit=_RATE_LIMIT,
        )
        for one in OPERATIONS
    ),
    Route(
        endpoint=ENDPOINT,
        is_api=True,
        path=PREFIX + export_file.PATH,
        methods=("GET",),
        handler=export_file.send_file,
    ),
)
