"""Calls of declared test methods over the control API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from mockidp.clients.remote.control_client import (
    SNAPSHOT_TIMEOUT,
    ControlClient,
    Refused,
    escaped,
)
from mockidp.codec.node import node_of
from mockidp.errors import TimedOut
from mockidp.frozen import replace
from mockidp.testing.method import Method
from mockidp.testing.methods.journal import MAX_WAIT

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

P = TypeVar("P")
A = TypeVar("A")
Q = TypeVar("Q", bound="DataclassInstance")
_TIMED_OUT = 408


def call(control: ControlClient, method: Method[P, A], parameters: P, *, wait: float = 0.0) -> A:
    """Call a method and return its answer.

    Args:
        control: The mock.
        method: The declaration.
        parameters: The parameters.
        wait: Seconds that the mock may take to answer, in addition to the usual timeout.
    """
    if method.source is None:
        return _call(control, method, parameters, wait)
    source = method.source(parameters)
    node_of(
        method.parameters.write(parameters), source
    )  # raises an error if a value has no JSON form
    try:
        return _call(control, method, parameters, wait)
    except Refused as refused:
        raise refused.about(source) from None


def _call(control: ControlClient, method: Method[P, A], parameters: P, wait: float) -> A:
    sent = method.parameters.write(parameters)
    wait += SNAPSHOT_TIMEOUT if method.holds_state else 0.0
    path = method.path
    if method.has_id:
        path = path.replace("{id}", escaped(getattr(parameters, "id", sent)))
    answered: Any
    if method.has_body:
        answered = control.call(method.verb, path, sent, wait=wait)
    else:
        query = None if method.has_id else sent
        answered = control.call(method.verb, path, query=query, wait=wait)
    return method.answer.read(answered)


def call_and_wait(
    control: ControlClient, method: Method[Q, A], parameters: Q, *, timeout: float
) -> A:
    """Call a method whose parameters have `wait_seconds`, until it answers or the time is up.

    Raises:
        TimedOut: The call did not find what it waits for in time.
    """
    left = max(timeout, 0.0)
    while True:
        wait = min(left, MAX_WAIT)
        try:
            return call(control, method, replace(parameters, wait_seconds=wait), wait=wait)
        except Refused as refused:
            if refused.status != _TIMED_OUT:
                raise
            left -= wait
            if left <= 0:
                text = str(refused).replace(f"Waited {wait:g} s", f"Waited {timeout:g} s", 1)
                raise TimedOut(text) from None
