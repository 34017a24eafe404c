"""Filters: parse one, and return whether it selects a resource.

Spec: RFC 7644 3.4.2.2. Strings are compared without case, except `id` and `externalId`
(RFC 7643 3.1). Auth0: the operators `eq`, `and` and `or`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from typing import Any

from mockidp.protocol.errors.nearest import nearest
from mockidp.protocol.scim.path import AttributePath, Resource, parse_path, values_at
from mockidp.protocol.scim.refusal import ScimRefusal, invalid

Filter = Callable[[Resource], bool]
_TOKEN = re.compile(
    r"\s*(?P<token>[()]|\"(?:[^\"\\]|\\.)*\"|[^\s()\[\]\"]+(?:\[[^\]]*\][^\s()\[\]\"]*)?)"
)
_EXACT = ("id", "externalid")
_OTHER = ("ne", "co", "sw", "ew", "pr", "gt", "ge", "lt", "le", "not")
_MAX_LENGTH, _MAX_PARENTHESES = 1000, 20


def parse_filter(text: str, attributes: Collection[str], *, of_groups: bool = False) -> Filter:
    """Parse a filter.

    Args:
        text: The filter.
        attributes: The attributes that it may compare.
        of_groups: Whether it selects groups, for which Auth0 supports one comparison.

    Raises:
        ScimRefusal: It is malformed, or uses another operator or attribute.
    """
    parser = _Parser(_tokens_of(text), attributes, of_groups=of_groups)
    found = parser.comparison() if of_groups else parser.either()
    if parser.tokens:
        limit = " A filter of groups is one comparison." if of_groups else ""
        raise _refusal(f"{parser.tokens[0]!r} is not expected there.{limit}")
    return found


class _Parser:
    """The rest of a filter. `and` binds more than `or`."""

    def __init__(self, tokens: list[str], attributes: Collection[str], *, of_groups: bool) -> None:
        self.tokens = tokens
        self._attributes = attributes
        self._holder = "A filter of groups" if of_groups else "The mapping of the connection"
        self._words = "`eq`" if of_groups else "`eq`, `and` and `or`"

    def either(self) -> Filter:
        """Read filters with `or` between them."""
        found = [self._both()]
        while self._skip("or"):
            found.append(self._both())
        return lambda resource: any(one(resource) for one in found)

    def _both(self) -> Filter:
        found = [self._one()]
        while self._skip("and"):
            found.append(self._one())
        return lambda resource: all(one(resource) for one in found)

    def _one(self) -> Filter:
        if not self._skip("("):
            return self.comparison()
        found = self.either()
        if not self._skip(")"):
            raise _refusal("A parenthesis is not closed.")
        return found

    def comparison(self) -> Filter:
        """Read an attribute, `eq` and a value."""
        path, operator = self._path(self._next()), self._next()
        if operator.lower() != "eq":
            known = f"Auth0 supports {self._words}."
            kind = "is not supported" if operator.lower() in _OTHER else "is not an operator"
            raise _refusal(f"{operator[:40]!r} {kind}. {known}")
        wanted = _value(self._next())
        is_exact = path.attribute.lower() in _EXACT
        return lambda resource: any(
            _is_equal(one, wanted, is_exact=is_exact) for one in values_at(resource, path)
        )

    def _path(self, text: str) -> AttributePath:
        path = parse_path(text, scim_type="invalidFilter")
        known = {one.lower() for one in self._attributes}
        if path.top.lower() not in known:
            near = nearest(path.top, sorted(self._attributes))
            meant = f" Did you mean {near}?" if near else ""
            raise _refusal(f"{self._holder} does not have the attribute {path.top[:60]}.{meant}")
        return path

    def _next(self) -> str:
        if not self.tokens:
            raise _refusal("It ends too early.")
        return self.tokens.pop(0)

    def _skip(self, word: str) -> bool:
        is_next = bool(self.tokens) and self.tokens[0].lower() == word
        if is_next:
            self.tokens.pop(0)
        return is_next


def _tokens_of(text: str) -> list[str]:
    if len(text) > _MAX_LENGTH:
        raise _refusal(f"It has more than {_MAX_LENGTH} characters.")
    tokens, at = [], 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            raise _refusal(f"{text[at:][:40].strip()!r} is not part of a filter.")
        tokens.append(found["token"])
        at = found.end()
    if tokens.count("(") > _MAX_PARENTHESES:
        raise _refusal(f"It has more than {_MAX_PARENTHESES} parentheses.")
    return tokens


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise _refusal(f"Value {text[:60]} is not JSON. Put a string in double quotes.") from None


def _is_equal(value: Any, wanted: Any, *, is_exact: bool) -> bool:
    if isinstance(value, str) and isinstance(wanted, str) and not is_exact:
        return value.casefold() == wanted.casefold()
    return type(value) is type(wanted) and bool(value == wanted)


def _refusal(why: str) -> ScimRefusal:
    return invalid("invalidFilter", "Invalid filter", hint=f"The filter was not parsed. {why}")
