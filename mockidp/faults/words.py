"""The words of a fault: looked up by name, and shown in hints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from mockidp.faults.fault import Fault
from mockidp.faults.vocabulary import Word

WORDS: Mapping[str, Word] = {
    one.name: one.metadata["word"] for one in fields(Fault) if "word" in one.metadata
}
"""Every word, by name."""
_SHOWN_WITH_VALUE = ("status", "alg", "signature", "error", "refuse")


def words_of(fault: Fault) -> Iterator[str]:
    """Yield the words that a fault sets."""
    nothing = Fault(endpoint=fault.endpoint)
    for name in WORDS:
        if getattr(fault, name) != getattr(nothing, name):
            yield name


def describe(fault: Fault) -> str:
    """Return the words of a fault as text, such as `expired, wrong aud`."""
    return ", ".join(
        _shown(name, getattr(fault, name))
        for name in words_of(fault)
        if WORDS[name].kind != "detail"
    )


def name_of(fault: Fault) -> str:
    """Return the default name of a fault, such as `token: rate_limit`."""
    return f"{fault.endpoint}: {describe(fault)}"


def _shown(name: str, value: Any) -> str:
    if name in ("set", "remove", "header", "wrong"):
        return f"{name} {' and '.join(value)}"
    return f"{name} {value}" if name in _SHOWN_WITH_VALUE else name
