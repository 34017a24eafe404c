"""Read complete JSON, such as a snapshot. The first mistake is raised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar, cast

from mockidp.codec.dialect import WIRE
from mockidp.codec.kind import kind_of
from mockidp.codec.mistakes import Mistake
from mockidp.codec.quick import UnusualData, quick_reader
from mockidp.codec.read import Reader
from mockidp.codec.report import Report
from mockidp.errors import MockIdPError

T = TypeVar("T")


def from_wire(kind: type[T], data: Any, path: str = "") -> T:
    """Return the record that plain data describes.

    Args:
        kind: The type of the record.
        data: What a JSON parser returns.
        path: The JSON pointer of the data.

    Raises:
        MockIdPError: The data does not describe one. The message begins with a JSON pointer, and
            does not repeat values, which may be secrets.
    """
    expected = kind_of(cast("Any", kind))
    read: T
    try:
        read = quick_reader(expected)(data)
    except UnusualData:
        read = Reader(_FirstMistake(path), dialect=WIRE).read(data, expected, ())
    return read


def expect(good: bool, path: str, expected: str) -> None:  # noqa: FBT001 - a condition
    """Check a condition of the data.

    Raises:
        MockIdPError: The condition is false. The message begins with the path.
    """
    if not good:
        raise MockIdPError(f"{path or 'the data'}: expected {expected}")


@dataclass(slots=True)
class _FirstMistake(Report):
    """A report that raises its first mistake. `source` is a JSON pointer."""

    def add(self, mistake: Mistake) -> NoReturn:
        """Raise a mistake."""
        pointer = "".join(f"/{_show(one)}" for one in mistake.steps or ())
        place = self.source + pointer or "the data"
        raise MockIdPError(f"{place}: expected {mistake.expected}")


def _show(step: str | int) -> str:
    """Return a step of a path, which may be any text, in printable ASCII."""
    return ascii(step)[1:-1][:80] if isinstance(step, str) else str(step)
