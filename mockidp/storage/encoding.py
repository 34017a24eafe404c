"""How a backend outside of this process writes the values of its stores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """How the values of a store are written as JSON.

    Attributes:
        encode: Returns plain data for a value.
        decode: Returns the value of plain data, or raises MockIdPError.
    """

    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


PLAIN = Encoding(encode=lambda value: value, decode=lambda data: data)
"""For values that are plain data."""
