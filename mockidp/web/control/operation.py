"""An operation of the control API: its path, its parameters and its answer.

Routes, the validation of bodies and queries, and the OpenAPI document are made from operations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from werkzeug import Response

from mockidp.codec.mistakes import ConfigError
from mockidp.codec.pieces import Members, json_pieces
from mockidp.errors import MockIdPError
from mockidp.frozen import frozen
from mockidp.protocol.errors.problem import Problem
from mockidp.server.response import Pieces
from mockidp.tenant.tenant import Tenant
from mockidp.testing.method import WITH_BODY, NoParameters
from mockidp.web.control.guard import MAX_BODY, MAX_BODY_DEPTH, check_caller, open_json, read_json
from mockidp.web.control.mistakes import (
    body_problem,
    describe_mistakes,
    structure_body,
    structure_query,
)
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import NEVER_CACHED, json_response
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

PREFIX = "/_mockidp/v1"
_CHANGING = (*WITH_BODY, "DELETE")


@frozen
class ControlCall:
    """A validated call of an operation."""

    exchange: Exchange
    id: str = ""
    """The `{id}` of the path, unescaped, if the operation has one."""
    body: Any = None
    """A record of the operation's `body`, or the mapping itself if that is `Mapping`."""
    query: Any = None
    """A record of the operation's `query`."""

    @property
    def tenant(self) -> Tenant:
        """The tenant that is called."""
        return self.exchange.tenant

    @property
    def url(self) -> str:
        """The tenant's URL, as the caller reaches it."""
        return self.exchange.base_url


@frozen
class ControlOperation:
    """One operation."""

    name: str
    """The `operationId` in OpenAPI."""
    method: str
    path: str
    """The path below `/_mockidp/v1`. It may have `{id}`, at the end or before one fixed part."""
    summary: str
    handler: Callable[[ControlCall], Any]
    """Returns the JSON of the answer, or None for an empty answer. `Members` are sent in pieces."""
    body: Any = NoParameters
    """The record or `Mapping` of the body, for methods with a body."""
    structured: bool = True
    """Whether the handler gets the record, rather than the mapping."""
    in_pieces: bool = False
    """Whether the handler gets a `JsonReader` of the body."""
    query: Any = NoParameters
    status: int = 200
    answer: Any = None
    """The record of the answer, or a list of it, for the OpenAPI document."""
    deepest: int = MAX_BODY_DEPTH
    """The maximum number of levels of the body."""
    max_body: int = MAX_BODY
    """The maximum number of bytes of the body."""
    also: Mapping[str, Any] | None = None
    """Additional properties of the body, as JSON Schema."""

    @property
    def route(self) -> Route:
        """The operation as a route of the app."""
        return Route(
            endpoint="control",
            path=PREFIX + self.path,
            methods=(self.method,),
            handler=self._handle,
            max_body=self.max_body,
        )

    def _handle(self, exchange: Exchange, _pages: Pages) -> Reply:
        check_caller(exchange, changes=self.method in _CHANGING)
        call = ControlCall(
            exchange=exchange,
            id=self._id(exchange),
            body=self._body(exchange),
            query=structure_query(self.query, exchange.query().raw()),
        )
        try:
            answer = self.handler(call)
        except ConfigError as error:
            if call.body is None:
                raise Problem(409, describe_mistakes(error)) from None
            raise body_problem(error) from None
        except MockIdPError as error:
            raise Problem(400, str(error)) from None
        headers = {"Cache-Control": NEVER_CACHED}
        if answer is None:
            empty = Response(status=204, headers=headers)
            del empty.headers["Content-Type"]
            return Reply(empty)
        if isinstance(answer, Members):
            pieces = Pieces(json_pieces(answer))
            return Reply(Response(pieces, self.status, headers, content_type="application/json"))
        body = {"items": answer} if isinstance(answer, list) else answer
        return Reply(json_response(body, self.status, headers))

    def _id(self, exchange: Exchange) -> str:
        """Return the id from the raw URL, because it may contain escaped slashes."""
        start, has_id, end = self.path.partition("{id}")
        if not has_id:
            return ""
        before = (exchange.prefix + PREFIX + start).count("/")
        *_, sent = exchange.target.partition("?")[0].split("/", before)
        if not sent.endswith(end):
            raise Problem(
                404, f"In this URL {end} is part of the id. There is no such {self.method} call."
            )
        return unquote(sent.removesuffix(end))

    def _body(self, exchange: Exchange) -> Any:
        if self.method not in WITH_BODY:
            return None
        if self.in_pieces:
            return open_json(exchange)
        data = read_json(
            exchange,
            deepest=self.deepest,
            may_be_empty=self.body is NoParameters,
        )
        if self.body is Mapping or not self.structured:
            return data
        return structure_body(self.body, data)
