"""What is wrong with a tenant file, in one line each: where, what was found, what is expected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from mockidp.errors import MockIdPError

Path = tuple[str | int, ...]
"""Where a value stands: keys, and positions in lists."""

_SECRET_KEYS = frozenset({"client_secret", "signing_secret", "password", "key"})
_MAX_SHOWN = 60
_MAX_COMPARED = 200
_LIKE = 0.6
"""How much a word has to be like another: 1 is the same."""
MAX_MISTAKES = 100
"""How many mistakes are reported one by one."""
MAX_SUGGESTIONS = 50
"""For how many names of a file a similar one is searched: each search looks at all known names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mistake:
    """One mistake. `line` counts from 1; None means the file as a whole."""

    file: str
    line: int | None = None
    path: str = ""
    found: str
    expected: str
    suggestion: str | None = None
    steps: Path | None = None
    """The steps of the path, for who needs it in another notation; None if it is nowhere there."""

    def __str__(self) -> str:
        """Say all of it in one line, beginning as compilers do so that editors find the place."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        path = f"{self.path}: " if self.path else ""
        nearest = f"; did you mean {self.suggestion}?" if self.suggestion else ""
        return printable(f"{place}: {path}found {self.found}, expected {self.expected}{nearest}")

    def within(self, outer: Path) -> Mistake:
        """Return it as one who sent only what stands at `outer` would have it."""
        if self.steps is None or self.steps[: len(outer)] != outer:
            return replace(self, steps=None)
        steps = self.steps[len(outer) :]
        return replace(self, path=show_path(steps), steps=steps)


class ConfigError(MockIdPError):
    """A tenant file that cannot be used, with its mistakes.

    Attributes:
        mistakes: The first `MAX_MISTAKES` of them.
        more: How many there are beyond those.
    """

    def __init__(self, mistakes: Iterable[Mistake], *, more: int = 0) -> None:
        found = tuple(mistakes)
        self.mistakes = found[:MAX_MISTAKES]
        self.more = more + len(found) - len(self.mistakes)
        rest = [f"and {self.more} more"] if self.more else []
        super().__init__("\n".join([*map(str, self.mistakes), *rest]))


def printable(text: str) -> str:
    """Return a text in one line that does nothing to a terminal: the rest escaped."""
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in text
    )


def describe(value: Any, path: str = "") -> str:
    """Say what a value is, in the words of `found ...`; a secret is not repeated."""
    kind, shown = _kind_and_text(value)
    if shown is None or path.rpartition(".")[2] in _SECRET_KEYS:
        return kind if shown is None else f"a {kind}"
    return f"the {kind} {shown}"


def show_path(path: Path) -> str:
    """Write a path as people do: `clients[0].callbacks`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def show_kind_of_path(path: Path) -> str:
    """Write the path that all entries of a list share: `clients[].callbacks`."""
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
