"""The terms that a query requires, with which an index finds its documents.

`email:"a@acme.example" AND app_metadata.plan:gold` requires the first of its terms, for example, so
only the documents with that address have to be compared with the query.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from mockidp.frozen import frozen, replace

Terms = Sequence[tuple[str, str]]
"""Fields with their values. A document that matches the query has one of them."""
PIECES = re.compile(r"\\(.)|([*?])", re.DOTALL)
"""Escapes and wildcards."""


def unescape(text: str) -> str:
    """Return text without the backslashes that escape its characters."""
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def has_wildcard(text: str) -> bool:
    """Return whether a word has a wildcard."""
    return any(piece[2] for piece in PIECES.finditer(text))


def required_terms(node: Any, indexed: Collection[str]) -> Terms | None:
    """Return the terms of which every match has one, if they are known and all are indexed."""
    return _find(node, _FieldPlace(indexed=indexed))


@frozen
class _FieldPlace:
    """Where a part of a query is: its field, if there is one."""

    indexed: Collection[str]
    field: str = ""

    def terms(self, value: str) -> Terms | None:
        return [(self.field, value)] if self.field in self.indexed else None


def _find(node: Any, place: _FieldPlace) -> Terms | None:
    find = _FINDERS.get(type(node).__name__)
    return find(node, place) if find else None


def _in_parts(node: Any, place: _FieldPlace) -> Iterator[Terms | None]:
    return (_find(one, place) for one in node.children)


def _phrase(node: Any, place: _FieldPlace) -> Terms | None:
    return place.terms(unescape(node.value[1:-1]))


def _word(node: Any, place: _FieldPlace) -> Terms | None:
    return None if has_wildcard(node.value) else place.terms(unescape(node.value))


def _plus(node: Any, place: _FieldPlace) -> Terms | None:
    """Return the terms of a required part, or of a value such as `+15551234567`."""
    inner = node.children[0]
    if place.field and type(inner).__name__ == "Word":
        return place.terms("+" + unescape(inner.value))
    return _find(inner, place)


def _search_field(node: Any, place: _FieldPlace) -> Terms | None:
    if place.field:  # an unquoted colon in a value
        return None
    return _find(node.children[0], replace(place, field=unescape(node.name)))


def _group(node: Any, place: _FieldPlace) -> Terms | None:
    return _find(node.children[0], place)


def _all(node: Any, place: _FieldPlace) -> Terms | None:
    """Return the terms of one part, because a match needs all of them."""
    known = (one for one in _in_parts(node, place) if one is not None)
    return min(known, key=len, default=None)


def _any(node: Any, place: _FieldPlace) -> Terms | None:
    found: list[tuple[str, str]] = []
    for one in _in_parts(node, place):
        if one is None:
            return None
        found += one
    return found


_FINDERS: Mapping[str, Callable[[Any, _FieldPlace], Terms | None]] = {
    "AndOperation": _all,
    "OrOperation": _any,
    "UnknownOperation": _any,  # a part with `-` has no known terms
    "Group": _group,
    "FieldGroup": _group,
    "SearchField": _search_field,
    "Plus": _plus,
    "Phrase": _phrase,
    "Word": _word,
}
"""What finds the terms in each node of a parsed query."""
