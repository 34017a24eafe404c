"""Mistakes in a tenant file: where they are, what was found and what is expected."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mockidp.errors import MockIdPError
from mockidp.frozen import frozen, replace

Path = tuple[str | int, ...]
"""The place of a value: keys, and positions in lists."""

UNKNOWN_KEY = "an unknown key"
"""What was found if a key is unknown."""
REQUIRED = "a value: "
"""How the expectation of a key that is missing begins."""
_SECRET_KEYS = frozenset({"client_secret", "signing_secret", "password", "key"})
_MAX_SHOWN = 60
MAX_MISTAKES = 100
"""The number of mistakes that are reported one by one."""


@frozen
class Mistake:
    """A mistake. `line` counts from 1; None means the file as a whole."""

    file: str
    line: int | None = None
    path: str = ""
    found: str
    expected: str
    suggestion: str | None = None
    steps: Path | None = None
    """The steps of the path; None if the mistake is not in the data."""

    def __str__(self) -> str:
        """Return the mistake as one line that begins like a compiler's, so that editors find it."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        path = f"{self.path}: " if self.path else ""
        nearest = f"; did you mean {self.suggestion}?" if self.suggestion else ""
        return printable(f"{place}: {path}found {self.found}, expected {self.expected}{nearest}")

    def within(self, outer: Path) -> Mistake:
        """Return the mistake as it appears in the data at `outer` alone."""
        if self.steps is None or self.steps[: len(outer)] != outer:
            return replace(self, steps=None)
        steps = self.steps[len(outer) :]
        return replace(self, path=show_path(steps), steps=steps)


class ConfigError(MockIdPError):
    """The mistakes of a tenant file.

    Attributes:
        mistakes: The first `MAX_MISTAKES` mistakes.
        more: The number of further mistakes.
    """

    def __init__(self, mistakes: Iterable[Mistake], *, more: int = 0) -> None:
        found = tuple(mistakes)
        self.mistakes = found[:MAX_MISTAKES]
        self.more = more + len(found) - len(self.mistakes)
        rest = [f"and {self.more} more"] if self.more else []
        super().__init__("\n".join([*map(str, self.mistakes), *rest]))

    @property
    def report(self) -> str:
        """The text, in which several mistakes follow their number, so that each has its line."""
        number = len(self.mistakes) + self.more
        return super().report if number == 1 else f"mockidp: {number} errors\n{self}"


def printable(text: str) -> str:
    """Escape the non-printable characters of a text, which could control a terminal."""
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in text
    )


def describe(value: Any, path: str = "") -> str:
    """Describe a value for `found ...`. A secret is not repeated."""
    kind, shown = _kind_and_text(value)
    if shown is None or path.rpartition(".")[2] in _SECRET_KEYS:
        return kind if shown is None else f"a {kind}"
    return f"the {kind} {shown}"


def show_path(path: Path) -> str:
    """Return a path as text: `clients[0].callbacks`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def show_kind_of_path(path: Path) -> str:
    """Return the path that all entries of a list share: `clients[].callbacks`."""
    steps = ("[]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def _kind_and_text(value: Any) -> tuple[str, str | None]:
    match value:
        case None:
            return "nothing", None
        case bool():
            return "boolean", str(value).lower()
        case int() | float():
            return "number", _shorten(str(value))
        case str():
            return "string", repr(_shorten(value))
        case list() | tuple():
            return "a list", None
    return "a mapping", None


def _shorten(text: str) -> str:
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "..."
