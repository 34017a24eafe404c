"""Calls of declared test methods over the control API."""

from __future__ import annotations

from typing import Any, TypeVar

from mockidp.clients.remote.control_client import SNAPSHOT_PATIENCE, ControlClient, escaped
from mockidp.testing.method import Method

P = TypeVar("P")
A = TypeVar("A")


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
