"""Recognize values that were damaged before they were sent.

Auth0: has no such explanation; it is for the hint.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote, unquote_plus

_PLACEHOLDERS = frozenset({"undefined", "null", "none", "nil", "nan", "[object object]", "false"})
_TEMPLATE = re.compile(r"\$\w+|[$#]?\{\{?[^{}]*\}\}?|<[^<>]*>|%\w+%|your[_-]\w+", re.IGNORECASE)

_SCHEME = re.compile(r"\A\s{0,9}bearer\s{1,9}", re.IGNORECASE)

_REPAIRS: tuple[tuple[Callable[[str], str], str], ...] = (
    (lambda text: _SCHEME.sub("", text), "begins with Bearer, so the header has its scheme twice"),
    (str.strip, "has white space, such as a line break, before or after it"),
    (lambda text: text.strip().strip("\"'`"), "is in quotation marks"),
    (
        lambda text: text.replace(" ", "+"),
        "had a + that became a space because it was not percent-encoded as %2B",
    ),
    (lambda text: text.partition("#")[0], "has a URL's fragment at its end, such as #_=_"),
    (unquote, "is percent-encoded twice"),
    (lambda text: unquote_plus(unquote_plus(text)), "is percent-encoded three times"),
)


def repairs(text: str) -> Iterator[tuple[str, str]]:
    """Yield possible original texts, each with a description of the damage."""
    for repair, damage in _REPAIRS:
        repaired = repair(text)
        if repaired != text:
            yield repaired, damage


def find_damage(text: str, is_right: Callable[[str], bool]) -> str:
    """Return how a text that is otherwise right was damaged, as a predicate, or "" if unknown."""
    return next((damage for repaired, damage in repairs(text) if is_right(repaired)), "")


def describe_placeholder(text: str) -> str:
    """Return that a text is a placeholder that was not replaced, as a predicate, or ""."""
    bare = text.strip().strip("\"'")
    if bare.lower() in _PLACEHOLDERS:
        return f"is the text {bare!r}, so a variable of the client was empty"
    if _TEMPLATE.fullmatch(bare):
        # The text is not shown, because a secret may also begin with a dollar sign.
        return "looks like a placeholder that was never replaced"
    return ""
