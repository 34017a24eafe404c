"""One call of the control API: where it is, what it takes, what it gives.

The routes, the checks of bodies and queries, and the OpenAPI document are all made from these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from werkzeug import Response

from mockidp.errors import MockIdPError
from mockidp.protocol.problem import Problem
from mockidp.tenant.config.mistakes import ConfigError
from mockidp.tenant.config.plain import structure_record
from mockidp.tenant.tenant import Tenant
from mockidp.web.control.guard import check_caller, read_json
from mockidp.web.exchange import Exchange
from mockidp.web.pages import Pages
from mockidp.web.render import NEVER_CACHED, json_response
from mockidp.web.route import Answer, Route

PREFIX = "/_mockidp/v1"
_CHANGING = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, kw_only=True, slots=True)
class Nothing:
    """A body or query that says nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A call that was found good: whom it is for, and what it says."""

    exchange: Exchange
    id: str = ""
    """The last part of the path, where the operation has one, as it was meant."""
    body: Any = None
    """An instance of the operation's `body`, or the mapping itself where that is `Mapping`."""
    query: Any = None
    """An instance of the operation's `query`."""

    @property
    def tenant(self) -> Tenant:
        """The tenant that is steered."""
        return self.exchange.tenant


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One call."""

    name: str
    """What programs made from the OpenAPI document call it (`operationId`)."""
    method: str
    path: str
    """Below `/_mockidp/v1`; it may end in `/{id}`."""
    summary: str
    handler: Callable[[Call], Any]
    """Returns what JSON can say, None for an empty answer, or a whole response."""
    body: Any = Nothing
    """The record that the body is, or `Mapping`."""
    structured: bool = True
    """Whether the handler gets that record made, and not the mapping."""
    query: Any = Nothing
    status: int = 200
    answer: Any = None
    """The record, or a list of it, that the answer's JSON is: for the OpenAPI document."""
    examples: Mapping[str, Any] = field(default_factory=dict)

    @property
    def route(self) -> Route:
        """The operation as a route of the app."""
        return Route(
            area="control",
            path=PREFIX + self.path.replace("{id}", "<path:_>"),
            methods=(self.method,),
            handler=self._handle,
        )

    def _handle(self, exchange: Exchange, _pages: Pages) -> Answer:
        check_caller(exchange, changes=self.method in _CHANGING)
        call = Call(
            exchange=exchange,
            id=self._id(exchange),
            body=self._body(exchange),
            query=self._query(exchange),
        )
        try:
            answer = self.handler(call)
        except ConfigError as error:
            raise _problem(error) from None
        except (MockIdPError, ValueError) as error:
            raise Problem(400, str(error)) from None
        if isinstance(answer, Response):
            return answer
        headers = {"Cache-Control": NEVER_CACHED}
        if answer is None:
            return Response(status=204, headers=headers)
        return json_response(
            {"items": answer} if isinstance(answer, list) else answer, self.status, headers
        )

    def _id(self, exchange: Exchange) -> str:
        """Read the id from the URL as sent: it may hold escaped slashes."""
        if not self.path.endswith("{id}"):
            return ""
        before = exchange.prefix + PREFIX + self.path.removesuffix("{id}")
        return unquote(exchange.target.partition("?")[0].removeprefix(before))

    def _body(self, exchange: Exchange) -> Any:
        if self.method not in ("POST", "PUT", "PATCH"):
            return None
        data = read_json(exchange, may_be_empty=self.body is Nothing)
        if self.body is Mapping or not self.structured:
            return data
        return _structure(self.body, data)

    def _query(self, exchange: Exchange) -> Any:
        sent: dict[str, Any] = {}
        for name, text in parse_qsl(exchange.target.partition("?")[2], keep_blank_values=True):
            if name in sent:
                raise Problem(400, f"the query names {name!r} twice")
            sent[name] = _number(text)
        return _structure(self.query, sent)


def _structure(cls: Any, data: Mapping[str, Any]) -> Any:
    try:
        return structure_record(cls, data, source="")
    except ConfigError as error:
        raise _problem(error) from None


def _problem(error: ConfigError) -> Problem:
    """Name every mistake with its place in the body."""
    mistakes = []
    for one in error.mistakes:
        steps = re.findall(r"[^.\[\]]+", one.path)
        pointer = "".join(f"/{step.replace('~', '~0')}" for step in steps)
        suggestion = f"; did you mean {one.suggestion}?" if one.suggestion else ""
        mistakes.append((pointer, f"found {one.found}, expected {one.expected}{suggestion}"))
    detail = "; ".join(f"{pointer or 'the body'}: {text}" for pointer, text in mistakes)
    return Problem(400, detail, mistakes=mistakes)


def _number(text: str) -> Any:
    """Return the number that a text of a query is, else the text."""
    if re.fullmatch(r"[0-9]{1,9}", text):
        return int(text)
    return float(text) if re.fullmatch(r"[0-9]{1,9}\.[0-9]{1,6}", text) else text
