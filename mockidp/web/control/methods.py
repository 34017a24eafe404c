"""The declared test methods as operations of the control API."""

from __future__ import annotations

from functools import partial
from typing import Any

from mockidp.codec.mistakes import ConfigError
from mockidp.errors import MockIdPError, TimedOut
from mockidp.protocol.errors.problem import Problem
from mockidp.testing.method import Method, NoParameters
from mockidp.web.control.guard import MAX_BODY, MAX_STATE_IN_PIECES
from mockidp.web.control.operation import ControlCall, ControlOperation


def operation_of(method: Method[Any, Any]) -> ControlOperation:
    """Return the operation of a method."""
    schema = method.parameters.schema
    return ControlOperation(
        name=method.operation_id,
        method=method.verb,
        path=method.path,
        summary=method.summary,
        handler=partial(_handle, method),
        body=schema if method.has_body else NoParameters,
        structured=False,
        in_pieces=method.parameters.read_in_pieces is not None,
        query=NoParameters if method.has_body else schema,
        status=method.status,
        answer=method.answer.schema,
        max_body=MAX_STATE_IN_PIECES if method.holds_state else MAX_BODY,
    )


def _handle(method: Method[Any, Any], call: ControlCall) -> Any:
    write = method.answer.write_in_pieces or method.answer.write
    try:
        return write(method.function(call, _parameters(method, call)))
    except TimedOut as error:
        raise Problem(408, str(error)) from None
    except MockIdPError as error:
        if not method.has_id or isinstance(error, ConfigError):
            raise
        raise Problem(404, str(error)) from None


def _parameters(method: Method[Any, Any], call: ControlCall) -> Any:
    if method.has_id and method.has_body:
        return method.parameters.read({"id": call.id, "fields": call.body})
    if method.has_id:
        return call.id
    read = method.parameters.read_in_pieces or method.parameters.read
    return read(call.body) if method.has_body else call.query
