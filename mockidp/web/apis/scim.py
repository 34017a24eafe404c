"""The SCIM endpoints of connections over HTTP. `mockidp.scim` has the operations.

Ids in a path may contain an escaped slash, so these routes match the path as it was sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import unquote

from werkzeug import Response

from mockidp.flows.hints.tokens import describe_scheme
from mockidp.flows.requests.bearer import parse_bearer
from mockidp.frozen import frozen
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.scim.refusal import ScimRefusal
from mockidp.scim.call import ScimCall, check_token
from mockidp.scim.operations import OPERATIONS, ScimOperation
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import NEVER_CACHED, SCIM_JSON, json_response
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

ENDPOINT = "scim"
PREFIX = "/scim/v2/connections/{id}"
_HEADERS = {"Cache-Control": NEVER_CACHED}
_CONNECTION, _ID = 4, 6
"""The positions of segments in a path: the id of the connection, and that of a user or a group."""


@frozen(kw_only=False)
class _Handler:
    """Handles the requests of one operation."""

    operation: ScimOperation

    def __call__(self, exchange: Exchange, _pages: Pages) -> Reply:
        """Answer a request."""
        operation, tenant = self.operation, exchange.tenant
        tenant.trace.note(operation=operation.title)
        segments = _segments(exchange)
        connection_id = segments[_CONNECTION]
        connection, configuration = check_token(
            tenant,
            connection_id,
            parse_bearer(exchange.authorization, Parameters({})),
            operation.scope,
            why_absent=describe_scheme(exchange.authorization, "Bearer")
            or "Send `Authorization: Bearer <token>`.",
        )
        call = ScimCall(
            tenant=tenant,
            url=f"{exchange.base_url}{PREFIX.format(id=connection_id)}",
            connection=connection,
            configuration=configuration,
            id=segments[_ID] if operation.path.endswith("{id}") else "",
            query=_query(operation, exchange),
            body=exchange.json_body().raw() if operation.method in ("POST", "PUT", "PATCH") else {},
        )
        answer = operation.handler(call)
        if answer is None:
            empty = Response(status=HTTPStatus.NO_CONTENT, headers=_HEADERS)
            del empty.headers["Content-Type"]
            return Reply(empty)
        headers = (
            {**_HEADERS, "Location": answer["meta"]["location"]} if "meta" in answer else _HEADERS
        )
        return Reply(json_response(answer, operation.status, headers, content_type=SCIM_JSON))


def _segments(exchange: Exchange) -> list[str]:
    path = exchange.target.partition("?")[0].removeprefix(exchange.prefix)
    return [unquote(one) for one in path.split("/")]


def _query(operation: ScimOperation, exchange: Exchange) -> Mapping[str, str]:
    sent = {name: str(value) for name, value in exchange.query().raw().items()}
    other = [name[:40] for name in sent if name not in operation.query]
    if other:
        exchange.tenant.trace.advise(
            f"Query parameter {', '.join(other[:5])} has no effect. Known here: "
            f"{', '.join(sorted(operation.query))}."
        )
    return sent


def _unmatched(exchange: Exchange, _pages: Pages) -> Reply:
    """Refuse other paths and methods with 404."""
    method, path = exchange.method[:20], exchange.path[:100]
    with exchange.tenant.trace.check("operation", method=method, path=path):
        raise ScimRefusal(
            HTTPStatus.NOT_FOUND,
            "Not Found",
            hint=f"The SCIM endpoint has no call {method} {path}. It has "
            f"{PREFIX}/Users and {PREFIX}/Groups, each also with `/{{id}}`.",
        )


UNMATCHED = Route(endpoint=ENDPOINT, path="", methods=(), handler=_unmatched, refusals="scim")
"""Calls without an operation."""
ROUTES = tuple(
    Route(
        endpoint=ENDPOINT,
        path=PREFIX + one.path,
        methods=(one.method,),
        handler=_Handler(one),
        refusals="scim",
    )
    for one in OPERATIONS
)
