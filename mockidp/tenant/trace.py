"""How an answer came about: every check of an exchange, with what it compared.

A tenant has one trace. Each thread answers one request at a time and sees only its own part.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any

from mockidp.protocol.refusal import Refusal

SHOWN = 8
_MAX_COUNT = 100
"""Far more than an exchange has: it bounds what flows note that no exchange called."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One check: its name, what it compared, and whether it passed."""

    name: str
    passed: bool
    compared: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    """The hint, where it did not pass."""

    def __str__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in self.compared.items())
        why = f": {self.why}" if self.why else ""
        return f"{'ok' if self.passed else 'NO'} {self.name}" + f"({values}){why}"


@dataclass(frozen=True, kw_only=True, slots=True)
class IssuedToken:
    """A token that went out, decoded. An opaque one has no header, and what it stands for."""

    kind: str
    """`access_token`, `id_token` or `refresh_token`."""
    header: Mapping[str, Any]
    claims: Mapping[str, Any]


class Trace(threading.local):
    """What is being noted of the exchange that this thread answers."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begin a new exchange."""
        self.checks: deque[Check] = deque(maxlen=_MAX_COUNT)
        self.notes: dict[str, Any] = {}
        self.tokens: deque[IssuedToken] = deque(maxlen=_MAX_COUNT)
        self.hints: list[str] = []
        """Hints for the developer about an answer that is not a refusal."""

    def check(self, name: str, **compared: Any) -> Checking:
        """Note a check: what is raised inside is why it did not pass.

        Values are what was compared, secrets cut; for use as `with trace.check(...)`.
        """
        return Checking(self, name, compared)

    def refuse(self, name: str, refusal: Refusal, **compared: Any) -> None:
        """Note a check that did not pass, and whose refusal is answered rather than raised."""
        self.end_check(name, compared, refusal)

    def end_check(
        self, name: str, compared: Mapping[str, Any], error: BaseException | None
    ) -> None:
        """Note how a check ended.

        A check that failed is the last: what is looked up afterwards, for a page that says so,
        decides nothing. A refusal that goes on through an outer check is one failed check, the
        innermost, with the words that were found for it last.
        """
        why = error.hint if isinstance(error, Refusal) else ""
        if self.checks and not self.checks[-1].passed:
            self.checks[-1] = replace(self.checks[-1], why=why or self.checks[-1].why)
            return
        self.checks.append(Check(name=name, passed=error is None, compared=compared, why=why))

    def note(self, **facts: Any) -> None:
        """Note what became known: `client`, `user`, `grant`, `audience` and others."""
        self.notes.update(facts)

    def advise(self, hint: str) -> None:
        """Add a hint to an answer; a refusal shows only its own hint."""
        self.hints.append(hint)

    def issued(self, kind: str, header: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
        """Note a token that goes out."""
        self.tokens.append(IssuedToken(kind=kind, header=header, claims=claims))


class Checking:
    """A check under way."""

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
    """Return as much of a code or token as may be shown."""
    return secret if secret is None or len(secret) <= SHOWN else secret[:SHOWN] + "..."
