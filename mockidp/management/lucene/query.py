"""Search with `q`: the documented subset of Lucene's query syntax.

Auth0: terms without an operator are alternatives, wildcards need three letters before them, and
metadata has neither wildcards nor ranges. Source: docs/fidelity.md.
"""

from __future__ import annotations

import fnmatch
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import chain
from typing import Any, cast

from mockidp.frozen import frozen
from mockidp.management.lucene.terms import (
    PIECES,
    Terms,
    has_wildcard,
    required_terms,
    unescape,
)
from mockidp.management.lucene.values import compare, text_of
from mockidp.management.refusals import invalid_query
from mockidp.protocol.errors.refusal import ApiRefusal

Values = Callable[[str], Iterable[Any]]
"""Returns the values of a document at a path such as `app_metadata.plan`."""
Matches = Callable[[Values], bool]
"""Returns whether a document matches a query."""
_EXISTS = "_exists_"
_MAX_DEPTH = 50
_WILDCARD_PREFIX = 3


@frozen
class Searchable:
    """What the documents of a search have.

    Attributes:
        words: The fields in which a term without a field is searched.
        folded: The fields that are compared without regard to case.
        exact: The first steps of paths that have neither wildcards nor ranges.
        indexed: The fields by whose values an index finds documents.
    """

    words: tuple[str, ...]
    folded: frozenset[str]
    exact: frozenset[str] = frozenset()
    indexed: frozenset[str] = frozenset()


@frozen
class LuceneQuery:
    """A query: its condition, and terms of which every document that matches has one, if known."""

    matches: Matches
    terms: Terms | None


@frozen
class _Place:
    """Where a part of a query is: its field, if there is one, and the parts around it."""

    fields: Searchable
    field: str = ""
    depth: int = 0

    def inside(self, field: str | None = None) -> _Place:
        return _Place(
            fields=self.fields,
            field=self.field if field is None else field,
            depth=self.depth + 1,
        )


@cache
def _parser() -> Callable[[str], Any]:
    """Import the parser. On Python 3.13, its first import writes a log and leaves it open."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        from luqum.thread import parse  # noqa: PLC0415 - only searches need it

    return cast("Callable[[str], Any]", parse)


def compile_query(text: str, fields: Searchable) -> LuceneQuery:
    """Compile a query.

    Raises:
        ApiRefusal: It is not a query, or uses what Auth0 does not support.
    """
    from luqum.exceptions import ParseError  # noqa: PLC0415 - only searches need it

    try:
        parsed = _parser()(text)
        matches = _compile(parsed, _Place(fields=fields))
    except (ParseError, ArithmeticError, ValueError) as error:  # of luqum, for wrong numbers
        raise _invalid(f"`q` cannot be parsed: {str(error)[:120]}.") from None
    except RecursionError:
        raise _too_deep() from None
    return LuceneQuery(matches=matches, terms=required_terms(parsed, fields.indexed))


def _invalid(hint: str) -> ApiRefusal:
    return invalid_query("Invalid query string", hint=hint)


def _too_deep() -> ApiRefusal:
    return _invalid(f"`q` has more than {_MAX_DEPTH} levels of parentheses and operators.")


def _compile(node: Any, place: _Place) -> Matches:
    if place.depth > _MAX_DEPTH:
        raise _too_deep()
    name = type(node).__name__
    if name not in _PARTS:
        raise _invalid(
            f"`q` has {str(node).strip()[:40]!r}, which Auth0's user search does not have."
        )
    return _PARTS[name](node, place)


def _children(node: Any, place: _Place) -> list[Matches]:
    return [_compile(one, place.inside()) for one in node.children]


def _all(node: Any, place: _Place) -> Matches:
    parts = _children(node, place)
    return lambda values: all(part(values) for part in parts)


def _any(node: Any, place: _Place) -> Matches:
    parts = _children(node, place)
    return lambda values: any(part(values) for part in parts)


def _implicit(node: Any, place: _Place) -> Matches:
    """Return the condition of terms without operators: `-` and `+` apply to the whole."""
    needed: list[Matches] = []
    others: list[Matches] = []
    for one in node.children:
        is_needed = type(one).__name__ in ("Plus", "Prohibit", "Not")
        (needed if is_needed else others).append(_compile(one, place.inside()))
    has_plus = any(type(one).__name__ == "Plus" for one in node.children)

    def matches(values: Values) -> bool:
        return all(part(values) for part in needed) and (
            has_plus or not others or any(part(values) for part in others)
        )

    return matches


def _not(node: Any, place: _Place) -> Matches:
    part = _compile(node.children[0], place.inside())
    return lambda values: not part(values)


def _group(node: Any, place: _Place) -> Matches:
    return _compile(node.children[0], place.inside())


def _plus(node: Any, place: _Place) -> Matches:
    """Return the condition of a required term, or of a value such as `+15551234567`."""
    inner = node.children[0]
    if place.field and type(inner).__name__ == "Word":
        return _equals("+" + unescape(inner.value), place)
    return _compile(inner, place.inside())


def _search_field(node: Any, place: _Place) -> Matches:
    if place.field:  # an unquoted colon in a value
        return _equals(f"{node.name}:{unescape(str(node.children[0]).strip())}", place)
    name = unescape(node.name)
    inner = node.children[0]
    if name != _EXISTS:
        return _compile(inner, place.inside(name))
    path = unescape(str(inner).strip().strip('"'))
    return lambda values: any(one is not None for one in values(path))


def _phrase(node: Any, place: _Place) -> Matches:
    return _equals(unescape(node.value[1:-1]), place)


def _word(node: Any, place: _Place) -> Matches:
    if has_wildcard(node.value):
        return _wildcard(node.value, place)
    return _equals(unescape(node.value), place)


def _wildcard(text: str, place: _Place) -> Matches:
    first = next(piece.start() for piece in PIECES.finditer(text) if piece[2])
    if place.field.partition(".")[0] in place.fields.exact:
        raise _invalid(
            f"Field {place.field} is searched by whole values only, but {text!r} has a wildcard."
        )
    if first < _WILDCARD_PREFIX:
        raise _invalid(
            f"The wildcard in {text!r} needs at least {_WILDCARD_PREFIX} characters before it. To "
            f"find documents that have a field at all, use {_EXISTS}:FIELD."
        )
    start, pattern = 0, ""
    for piece in PIECES.finditer(text):
        pattern += _literal(text[start : piece.start()]) + (piece[2] or _literal(piece[1]))
        start = piece.end()
    # fnmatch does not backtrack over more than one wildcard.
    regex = fnmatch.translate(pattern + _literal(text[start:]))
    is_match = re.compile(regex, _flags(place)).match
    return _test(place, lambda value: is_match(value) is not None)


def _literal(text: str) -> str:
    """Return text as a pattern of fnmatch."""
    return re.sub(r"[*?[]", r"[\g<0>]", text)


def _flags(place: _Place) -> int:
    return re.DOTALL | (re.IGNORECASE if _is_folded(place) else 0)


def _is_folded(place: _Place) -> bool:
    return not place.field or place.field in place.fields.folded


def _equals(wanted: str, place: _Place) -> Matches:
    if _is_folded(place):
        folded = wanted.lower()
        return _test(place, lambda value: value.lower() == folded)
    return _test(place, lambda value: value == wanted)


def _test(place: _Place, matches: Callable[[str], bool]) -> Matches:
    """Return whether one of the values of a field, or of the words of a document, matches."""
    field, names = place.field, place.fields.words
    if field:
        return lambda values: any(matches(text_of(one)) for one in values(field))
    return lambda values: any(
        matches(text) or any(map(matches, text.split()))
        for text in map(text_of, chain.from_iterable(map(values, names)))
    )


def _range(node: Any, place: _Place) -> Matches:
    low, high = (unescape(str(one).strip().strip('"')) for one in (node.low, node.high))
    if not place.field:
        raise _invalid(
            f"The range from {low} to {high} needs a field, such as created_at:[... TO ...]."
        )
    if place.field.partition(".")[0] in place.fields.exact:
        raise _invalid(f"Field {place.field} is searched by whole values only, and not by a range.")
    is_low, is_high = node.include_low, node.include_high

    def is_inside(value: str) -> bool:
        from_low, from_high = compare(value, low), compare(value, high)
        return (low == "*" or from_low > 0 or (is_low and from_low == 0)) and (
            high == "*" or from_high < 0 or (is_high and from_high == 0)
        )

    return _test(place, is_inside)


_PARTS: Mapping[str, Callable[[Any, _Place], Matches]] = {
    "AndOperation": _all,
    "OrOperation": _any,
    "UnknownOperation": _implicit,
    "Not": _not,
    "Prohibit": _not,
    "Plus": _plus,
    "Group": _group,
    "FieldGroup": _group,
    "SearchField": _search_field,
    "Phrase": _phrase,
    "Word": _word,
    "Range": _range,
}
"""What compiles each node of a parsed query."""
