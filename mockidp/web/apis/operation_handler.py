"""The operations of a JSON API over HTTP: tokens, ids, queries, bodies, answers.

Ids in a path may contain an escaped slash, so these routes match the path as it was sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from werkzeug import Response

from mockidp.flows.hints.tokens import describe_scheme
from mockidp.flows.requests.bearer import parse_bearer
from mockidp.frozen import frozen
from mockidp.management.access import Caller, OwnApi, check_scopes, read_caller
from mockidp.management.link_domain import LINK_DOMAIN, check_has_one_domain, chosen_url
from mockidp.management.operation import FLAGS, Call, Linked, Operation
from mockidp.management.refusals import invalid_body, invalid_query
from mockidp.protocol.errors.nearest import nearest
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.errors.refusal import ApiRefusal
from mockidp.protocol.oauth.parameters import Parameters, parse_json_value
from mockidp.testing.records import UnknownRecordError
from mockidp.web.pages.pages import Pages
from mockidp.web.pipeline.shown import HIDDEN
from mockidp.web.request.exchange import Exchange
from mockidp.web.request.multipart import read_multipart
from mockidp.web.response.cors import EXPOSED_WITH_LOCATION
from mockidp.web.response.render import NEVER_CACHED, json_response
from mockidp.web.response.reply import Reply

_HEADERS = {"Cache-Control": NEVER_CACHED}
_FLAG_VALUES = ("true", "false")


@frozen(kw_only=False)
class OperationHandler:
    """Handles the requests of one operation.

    Attributes:
        api: The API.
        prefix: The path of the API, below which that of the operation is.
        operation: The operation.
    """

    api: OwnApi
    prefix: str
    operation: Operation

    def __call__(self, exchange: Exchange, _pages: Pages) -> Reply:
        """Answer a request."""
        operation = self.operation
        exchange.tenant.trace.note(operation=operation.title)
        caller = caller_of(exchange, self.api)
        check_scopes(exchange.tenant, caller, operation.scopes)
        call = Call(
            tenant=exchange.tenant,
            url=exchange.base_url,
            caller=caller,
            ids=_ids(operation, exchange, self.prefix),
            query=_query(operation, exchange),
            body={} if operation.has_list else _body(operation, exchange),
            items=_items(exchange) if operation.has_list else (),
            link_url=_link_url(operation, exchange),
            user_agent=exchange.environ.get("HTTP_USER_AGENT", ""),
        )
        answer = _run(operation, call)
        if answer is None:
            empty = Response(status=HTTPStatus.NO_CONTENT, headers=_HEADERS)
            del empty.headers["Content-Type"]
            return Reply(empty)
        if isinstance(answer, Linked):
            headers = {**_HEADERS, "Link": f'<{answer.url}>; rel="next"'}
            return Reply(json_response(answer.body, operation.status, headers))
        return Reply(json_response(answer, operation.status, _headers(operation, call, answer)))


def _run(operation: Operation, call: Call) -> Any:
    """Return the answer. If a record is deleted after it was checked, the check is repeated."""
    try:
        return operation.handler(call)
    except UnknownRecordError:
        return operation.handler(call)


def _headers(operation: Operation, call: Call, answer: Any) -> Mapping[str, str]:
    if operation.locate is None:
        return _HEADERS
    return {
        **_HEADERS,
        "Location": operation.locate(call, answer),
        "Access-Control-Expose-Headers": EXPOSED_WITH_LOCATION,
    }


def caller_of(exchange: Exchange, api: OwnApi) -> Caller:
    """Return the caller of an API.

    Raises:
        ApiRefusal: 401, because there is no valid token.
    """
    header = exchange.authorization
    why = describe_scheme(header, "Bearer") or "Send `Authorization: Bearer <token>`."
    token = parse_bearer(header, Parameters({}))
    return read_caller(exchange.tenant, api, exchange.base_url, token, why_absent=why)


def _ids(operation: Operation, exchange: Exchange, prefix: str) -> tuple[str, ...]:
    path = exchange.target.partition("?")[0].removeprefix(exchange.prefix + prefix)
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
        for name in FLAGS & sent.keys():
            if sent[name] not in _FLAG_VALUES:
                raise invalid_query(
                    "Expected type boolean but found type string",
                    at=name,
                    hint=f"`{name}` is {sent[name][:40]!r}. Send true or false.",
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
            if operation.text_member and (text := _text(exchange)) is not None:
                return {operation.text_member: text}
            body = exchange.body().raw()
        except InvalidRequest as error:
            raise _unreadable(error, exchange) from None
    if operation.has_secrets:
        exchange.sent |= dict.fromkeys(body, HIDDEN)
    return body


def _link_url(operation: Operation, exchange: Exchange) -> str | None:
    sent = exchange.request.headers.get(LINK_DOMAIN)
    if sent is None and operation.has_links and operation.method == "POST":
        check_has_one_domain(exchange.tenant)
    return chosen_url(exchange.tenant, exchange.base_url, sent, has_links=operation.has_links)


def _text(exchange: Exchange) -> str | None:
    """Return a body that is a text or a JSON string; None if it is something else."""
    if exchange.request.mimetype == "text/html":
        try:
            return exchange.data().decode()
        except UnicodeDecodeError:
            raise InvalidRequest("Invalid text", hint="The body is not UTF-8.") from None
    found = parse_json_value(exchange.data())
    return found if isinstance(found, str) else None


def _items(exchange: Exchange) -> Sequence[Any]:
    """Return the JSON list of a body."""
    with exchange.tenant.trace.check("body_format"):
        try:
            found = parse_json_value(exchange.data())
        except InvalidRequest as error:
            raise _unreadable(error, exchange) from None
        if not isinstance(found, list):
            raise invalid_body("Expected type array", hint="Send a JSON list as the body.")
    return found


def _unreadable(error: InvalidRequest, exchange: Exchange) -> ApiRefusal:
    if error.status != HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return invalid_body("Invalid JSON", hint=error.hint)
    return ApiRefusal(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"Payload content length greater than maximum allowed: {exchange.route.max_body}",
        hint=f"The body has more than {exchange.route.max_body} bytes.",
    )
