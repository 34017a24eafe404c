"""Calls of declared test methods over the control API."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from mockidp.clients.remote.control_client import (
    SNAPSHOT_PATIENCE,
    ControlClient,
    Refused,
    escaped,
)
from mockidp.errors import TimedOut
from mockidp.testing.journal import MAX_WAIT
from mockidp.testing.method import Method

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

P = TypeVar("P")
A = TypeVar("A")
Q = TypeVar("Q", bound="DataclassInstance")
_TIMED_OUT = 408


def call(control: ControlClient, method: Method[P, A], parameters: P, *, wait: float = 0.0) -> A:
    """Return the answer to a call of a method.

    Args:
        control: The mock.
        method: The declaration.
        parameters: The parameters.
        wait: Seconds that the mock may take, in addition to the usual limit.
    """
    sent = method.parameters.write(parameters)
    wait += SNAPSHOT_PATIENCE if method.holds_state else 0.0
    answered: Any
    if method.has_body:
        answered = control.call(method.verb, method.path, sent, wait=wait)
    elif method.has_id:
        answered = control.call(method.verb, method.path.replace("{id}", escaped(sent)))
    else:
        answered = control.call(method.verb, method.path, query=sent, wait=wait)
    return method.answer.read(answered)


def call_and_wait(control: ControlClient, method: Method[Q, A], asked: Q, *, timeout: float) -> A:
    """Call a method whose parameters have `wait_seconds`, until it answers or time is up.

    Raises:
        TimedOut: What the call waits for did not happen.
    """
    left = max(timeout, 0.0)
    while True:
        wait = min(left, MAX_WAIT)
        try:
            return call(control, method, replace(asked, wait_seconds=wait), wait=wait)
        except Refused as refused:
            if refused.status != _TIMED_OUT:
                raise
            left -= wait
            if left <= 0:
                text = str(refused).replace(f"waited {wait:g} s", f"waited {timeout:g} s", 1)
                raise TimedOut(text) from None
