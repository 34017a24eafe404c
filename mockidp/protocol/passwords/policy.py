"""Auth0's password policies: the rules for a new password, and the report about a weak one.

Spec: password-sheriff 2.0, the library that Auth0 publishes for them. Keys and texts of a report
are in its order.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from mockidp.frozen import frozen
from mockidp.resources.password_options import PasswordLevel

DEFAULT_LEVEL: PasswordLevel = "good"


@frozen(kw_only=False)
class CharacterType:
    """A kind of characters that a policy wants."""

    code: str
    message: str
    pattern: str

    def report(self, password: str) -> dict[str, Any]:
        """Return whether a password has a character of this type."""
        found = re.search(self.pattern, password) is not None
        return {"message": self.message, "code": self.code, "verified": found}


_LOWER = CharacterType("lowerCase", "lower case letters (a-z)", "[a-z]")
_UPPER = CharacterType("upperCase", "upper case letters (A-Z)", "[A-Z]")
_NUMBERS = CharacterType("numbers", "numbers (i.e. 0-9)", "[0-9]")
_SPECIAL = CharacterType(
    "specialCharacters", "special characters (e.g. !@#$%^&*)", r"""[ !-/:-@\[-`{-~]"""
)
_ALL = (_LOWER, _UPPER, _NUMBERS, _SPECIAL)


def _units(text: str) -> memoryview:
    """Return the UTF-16 code units of a text, as JavaScript counts and compares them."""
    return memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H")


class Rule(ABC):
    """One rule of a policy."""

    @abstractmethod
    def report(self, password: str) -> dict[str, Any]:
        """Return the rule as JSON, with `verified` for a password."""


@frozen(kw_only=False)
class Length(Rule):
    """At least so many UTF-16 code units."""

    least: int

    def report(self, password: str) -> dict[str, Any]:  # noqa: D102 - inherited
        verified = len(_units(password)) >= self.least
        if self.least == 1:
            return {
                "message": "Non-empty password required",
                "code": "nonEmpty",
                "verified": verified,
            }
        return {
            "message": "At least %d characters in length",
            "format": [self.least],
            "code": "lengthAtLeast",
            "verified": verified,
        }


@frozen(kw_only=False)
class Contains(Rule):
    """A character of each type."""

    types: tuple[CharacterType, ...]

    def report(self, password: str) -> dict[str, Any]:  # noqa: D102 - inherited
        items = [one.report(password) for one in self.types]
        return {
            "message": "Should contain:",
            "code": "shouldContain",
            "verified": all(one["verified"] for one in items),
            "items": items,
        }


@frozen(kw_only=False)
class ContainsAtLeast(Rule):
    """Characters of some of the types."""

    least: int
    types: tuple[CharacterType, ...]

    def report(self, password: str) -> dict[str, Any]:  # noqa: D102 - inherited
        items = [one.report(password) for one in self.types]
        return {
            "message": "Contain at least %d of the following %d types of characters:",
            "code": "containsAtLeast",
            "format": [self.least, len(self.types)],
            "items": items,
            "verified": sum(one["verified"] for one in items) >= self.least,
        }


@frozen(kw_only=False)
class IdenticalCharacters(Rule):
    """No longer run of one character."""

    most: int

    def report(self, password: str) -> dict[str, Any]:  # noqa: D102 - inherited
        longest = max((len(list(run)) for _, run in groupby(_units(password))), default=0)
        return {
            "message": 'No more than %d identical characters in a row (e.g., "%s" not allowed)',
            "code": "identicalChars",
            "format": [self.most, "a" * (self.most + 1)],
            "verified": 0 < longest <= self.most,
        }


@frozen(kw_only=False)
class PasswordPolicy:
    """The rules for new passwords of a connection."""

    rules: tuple[Rule, ...]

    def report(self, password: str) -> dict[str, Any]:
        """Return which rules a password meets."""
        rules = [one.report(password) for one in self.rules]
        return {"rules": rules, "verified": all(one["verified"] for one in rules)}

    def __str__(self) -> str:
        """The rules as Auth0 lists them, one in each line."""
        return "\n".join(line for one in self.rules for line in _lines(one.report("")))

    def unmet(self, password: str) -> list[str]:
        """Return the rules that a password does not meet, in words."""
        reports = (one.report(password) for one in self.rules)
        return [_text(one).removesuffix(":") for one in reports if not one["verified"]]


def _lines(rule: Mapping[str, Any]) -> list[str]:
    return [f"* {_text(rule)}", *(f" * {one['message']}" for one in rule.get("items", ()))]


def _text(rule: Mapping[str, Any]) -> str:
    return str(rule["message"]) % tuple(rule.get("format", ()))


_LEAST = {"none": 1, "low": 6, "fair": 8, "good": 8, "excellent": 10}
_MORE: Mapping[str, tuple[Rule, ...]] = {
    "none": (),
    "low": (),
    "fair": (Contains((_LOWER, _UPPER, _NUMBERS)),),
    "good": (ContainsAtLeast(3, _ALL),),
    "excellent": (ContainsAtLeast(3, _ALL), IdenticalCharacters(2)),
}


def password_policy(level: PasswordLevel, least: int | None = None) -> PasswordPolicy:
    """Return the policy of a level.

    Args:
        level: The level.
        least: The number of characters that replaces that of the level.
    """
    return PasswordPolicy((Length(least or _LEAST[level]), *_MORE[level]))
