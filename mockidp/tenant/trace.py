"""The trace: every check of an exchange, with the values that it compared.

A tenant has one trace. Each thread answers one request at a time and sees only its own checks. They
are not kept in a store, because they end with the exchange; the journal has a copy.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import field
from itertools import groupby
from types import TracebackType
from typing import Any

from mockidp.frozen import frozen
from mockidp.protocol.errors.refusal import Refusal
from mockidp.tenant.journal.flow_index import Kind, Thing, thing

SHOWN = 8
_MAX_COUNT = 100
"""Far more than one exchange needs. It limits what flows add outside of an exchange."""

Ended = tuple[str, Mapping[str, Any], str | None]
"""A check that has ended: its name, what it compared, and the hint if it failed. Few are read, so
this is the form that takes least time and memory."""


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
        self._passed: deque[Ended] = deque(maxlen=_MAX_COUNT)
        self._until_failure: tuple[Ended, ...] | None = None
        """The checks up to the one that failed, after which none counts: look-ups for an error page
        decide nothing."""
        self.notes: dict[str, Any] = {}
        self.tokens: deque[IssuedToken] = deque(maxlen=_MAX_COUNT)
        self.things: deque[Thing] = deque(maxlen=_MAX_COUNT)
        """What was made or used, by which the journal finds the flow of the exchange."""
        self.hints: list[str] = []
        """Hints for the developer about an answer that is not a refusal."""

    @property
    def ended(self) -> tuple[Ended, ...]:
        """The checks that have ended. A page may repeat one, such as to look its client up."""
        return tuple(self._passed) if self._until_failure is None else self._until_failure

    @property
    def checks(self) -> tuple[Check, ...]:
        """The results of the checks that have ended."""
        return results_of(self.ended)

    def check(self, name: str, **compared: Any) -> Checking:
        """Add a check: `with trace.check(...)`. It fails if the block raises an exception.

        Args:
            name: The name of the check.
            compared: The compared values. Secrets must be cut.
        """
        return Checking(self, self._passed, name, compared)

    def refuse(self, name: str, refusal: Refusal, **compared: Any) -> None:
        """Add a failed check whose refusal is returned rather than raised."""
        self.fail(name, compared, refusal)

    def fail(self, name: str, compared: Mapping[str, Any], error: BaseException) -> None:
        """Add a failed check.

        A refusal that passes through nested checks is one failed check: the innermost, with the
        refusal's latest hint.
        """
        why = error.hint if isinstance(error, Refusal) else ""
        *passed, innermost = self._until_failure or (*self._passed, (name, compared, ""))
        self._until_failure = (*passed, (*innermost[:2], why or innermost[2]))

    def note(self, **facts: Any) -> None:
        """Add facts about the exchange: `client`, `user`, `grant`, `audience` and others."""
        self.notes.update(facts)

    def made(self, kind: Kind, text: str) -> None:
        """Add a thing, such as a code, that was made in this exchange."""
        self.things.append(thing(kind, text, is_new=True))

    def used(self, kind: Kind, text: str) -> None:
        """Add a thing that was sent in this exchange."""
        self.things.append(thing(kind, text, is_new=False))

    def advise(self, hint: str) -> None:
        """Add a hint to the answer. A refusal shows only its own hint."""
        self.hints.append(hint)

    def issued(self, kind: str, header: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
        """Add an issued token."""
        self.tokens.append(IssuedToken(kind=kind, header=header, claims=claims))


class Checking:
    """A check in progress."""

    __slots__ = ("_compared", "_name", "_passed", "_trace")

    def __init__(
        self, trace: Trace, passed: deque[Ended], name: str, compared: Mapping[str, Any]
    ) -> None:
        self._trace = trace
        self._passed = passed
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
        if error is None:
            self._passed.append((self._name, self._compared, None))
        else:
            self._trace.fail(self._name, self._compared, error)


def results_of(ended: Iterable[Ended]) -> tuple[Check, ...]:
    """Return the results of checks, without immediate repetitions."""
    results = [
        Check(name=name, passed=why is None, compared=compared, why=why or "")
        for name, compared, why in ended
    ]
    return tuple(one for one, _repeated in groupby(results))


def cut(secret: str | None) -> str | None:
    """Return the part of a code or token that may be shown."""
    return secret if secret is None or len(secret) <= SHOWN else secret[:SHOWN] + "..."
