"""The values of documents, compared as text, number or day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

_DAY = re.compile(r"\d{4}-\d{2}(-\d{2}.*)?")


def text_of(value: Any) -> str:
    """Return a value as queries name it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def compare(value: str, bound: str) -> int:
    """Return whether a value is below (-1), at (0) or above (1) a bound; a day is all its times."""
    left: Any
    right: Any
    left, right = value, bound
    if _DAY.fullmatch(bound):
        right = bound.removesuffix("Z")
        left = value[: len(right)]
    elif (numbers := _numbers(value, bound)) is not None:
        left, right = numbers
    return int(left > right) - int(left < right)


def _numbers(*texts: str) -> Sequence[float] | None:
    try:
        return [float(one) for one in texts]
    except ValueError:
        return None
