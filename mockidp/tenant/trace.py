"""The trace: every check of an exchange, with the values that it compared.

A tenant has one trace. Each thread answers one request at a time and sees only its own checks. They
are not kept in a store, because they end with the exchange; the journal has a copy.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import field
from types import TracebackType
from typing import Any, TypeVar

from mockidp.frozen import frozen, replace
from mockidp.protocol.errors.refusal import Refusal
from mockidp.tenant.journal.flow_index import Kind, Thing, thing

T = TypeVar("T")

SHOWN = 8
_MAX_COUNT = 100
"""Far more than one exchange needs. It limits what flows add outside of an exchange."""


@frozen
class Check:
    """One check: its name, what it compared, and whether it passed."""

    name: str
    passed: bool
    compared: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    """The hint, if the check failed."""

    def __str__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in self.compared.items())
        why = f": {self.why}" if self.why else ""
        return f"{'passed' if self.passed else 'failed'} {self.name}({values}){why}"


_NO_CHECK = Check(name="", passed=True)


@frozen
class IssuedToken:
    """An issued token, decoded. An opaque token has no header, but the claims it stands for."""

    kind: str
    """`access_token`, `id_token` or `refresh_token`."""
    header: Mapping[str, Any]
    claims: Mapping[str, Any]


class Trace(threading.local):
    """The checks, facts, tokens and hints of the exchange that this thread answers."""

    def __init__(self) -> None:
        self.begin()

    def begin(self, address: str = "") -> None:
        """Begin a new exchange with a client at an IP address; empty if it is not known."""
        self.address = address
        self.checks: list[Check] = []
        self.notes: dict[str, Any] = {}
        self.tokens: list[IssuedToken] = []
        self.things: list[Thing] = []
        """What was made or used, by which the journal finds the flow of the exchange."""
        self.hints: list[str] = []
        """Hints for the developer about an answer that is not a refusal."""

    def check(self, name: str, **compared: Any) -> Checking:
        """Add a check: `with trace.check(...)`. It fails if the block raises an exception.

        Args:
            name: The name of the check.
            compared: The compared values. Secrets must be cut.
        """
        return Checking(self, name, compared)

    def refuse(self, name: str, refusal: Refusal, **compared: Any) -> None:
        """Add a failed check whose refusal is returned rather than raised."""
        self.end_check(name, compared, refusal)

    def end_check(
        self, name: str, compared: Mapping[str, Any], error: BaseException | None
    ) -> None:
        """Add the result of a check.

        A failed check is the last one, because look-ups for an error page decide nothing. A refusal
        that passes through nested checks is one failed check: the innermost, with the refusal's
        latest hint.
        """
        checks = self.checks
        last = checks[-1] if checks else _NO_CHECK
        why = error.hint if isinstance(error, Refusal) else ""
        if not last.passed:
            checks[-1] = replace(last, why=why or last.why)
        # A page looks its client up repeatedly.
        elif error is not None or last.name != name or last.compared != compared:
            _add(checks, Check(name=name, passed=error is None, compared=compared, why=why))

    def note(self, **facts: Any) -> None:
        """Add facts about the exchange: `client`, `user`, `grant`, `audience` and others."""
        self.notes.update(facts)

    def made(self, kind: Kind, text: str) -> None:
        """Add a thing, such as a code, that was made in this exchange."""
        _add(self.things, thing(kind, text, is_new=True))

    def used(self, kind: Kind, text: str) -> None:
        """Add a thing that was sent in this exchange."""
        _add(self.things, thing(kind, text, is_new=False))

    def advise(self, hint: str) -> None:
        """Add a hint to the answer. A refusal shows only its own hint."""
        self.hints.append(hint)

    def issued(self, kind: str, header: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
        """Add an issued token."""
        _add(self.tokens, IssuedToken(kind=kind, header=header, claims=claims))


def _add(items: list[T], item: T) -> None:
    items.append(item)
    if len(items) > _MAX_COUNT:
        del items[0]


class Checking:
    """A check in progress."""

    __slots__ = ("_compared", "_name", "_trace")

    def __init__(self, trace: Trace, name: str, compared: dict[str, Any]) -> None:
        self._trace = trace
        self._name = name
        self._compared = compared

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        _type: type[BaseException] | None,
        error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._trace.end_check(self._name, self._compared, error)


def cut(secret: str | None) -> str | None:
    """Return the part of a code or token that may be shown."""
    return secret if secret is None or len(secret) <= SHOWN else secret[:SHOWN] + "..."
