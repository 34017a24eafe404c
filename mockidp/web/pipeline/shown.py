"""The parts of a request that the journal shows. Secrets are cut, wherever they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from mockidp.tenant.trace import SHOWN, cut

_MAX_LENGTH = 2000
_MAX_TOTAL = 8000
"""The maximum number of characters that the journal keeps of an exchange's parameters."""
_MAX_ITEMS = 200
_MAX_DEPTH = 16
"""Limits for nested JSON. Anything larger is not shown."""
_MAX_NAME = 100
_HIDDEN = re.compile(
    r"(secrets?|assertion|verification_code|private_?key|api_?key|access_?key|authorization"
    r"|header_value|smtp_pass|connection_?string|server_(key|credentials))\]?$"
    r"|^(setup|otp|mfa_code|skey|p12)$|password(?!less)",
    re.IGNORECASE,
)
"""Names of parameters whose values are not shown."""
HIDDEN = "***"
"""What is shown in place of such a value."""
_CUT = re.compile(
    r"(token|token_hint|ticket|code|verifier|challenge|link_with|auth_session)\]?$|bewit|^wresult$",
    re.IGNORECASE,
)
"""Names of parameters whose values are cut. A plain challenge is the verifier."""
_IN_URL = re.compile(r"((?:token|ticket|code|bewit\w{0,20})(?:=|%3D))([\w.~-]+)", re.IGNORECASE)
"""The same names in a URL that is a value. The bound keeps the search linear."""
_NOT_SHOWN = "(too large to be shown)"
_NAME = re.compile(r"[\w.;\[\]-]*")
_RUN = re.compile(r"[\w-]{60,}")
"""A run that may be a bewit, which has over 100 characters; ids of users are shorter."""


def shown_parameters(parameters: Mapping[str, Any], *, in_link: bool = False) -> dict[str, Any]:
    """Return parameters as the journal shows them.

    Args:
        parameters: The parameters as they were sent. Values from JSON may be nested.
        in_link: Whether they may contain a bewit under a name that was changed in transit.
    """
    shown: dict[str, Any] = {}
    left = _MAX_TOTAL
    for name, value in parameters.items():
        one = _value(name, value)
        left -= len(str(one))
        shown[_name(name)] = one if left >= 0 else _NOT_SHOWN
    if not in_link:
        return shown
    return {_cut_runs(name): _cut_runs(str(value)) for name, value in shown.items()}


def shown_path(path: str) -> str:
    """Return a path as the journal shows it. The path of a changed link may contain the bewit."""
    return _cut_runs(path)


def _name(name: str) -> str:
    """Return a name as the journal shows it. JSON sent as a form is one long name with secrets."""
    fits = len(name) <= _MAX_NAME and _NAME.fullmatch(name)
    return name if fits else str(cut(name))


@lru_cache(maxsize=256)
def _is_hidden(name: str) -> bool:
    return _HIDDEN.search(name) is not None


@lru_cache(maxsize=256)
def is_cut_name(name: str) -> bool:
    """Return whether the values of a parameter are cut."""
    return _CUT.search(name) is not None


def _value(name: str, value: Any) -> Any:
    if value is not None and (len(name) > _MAX_NAME or _is_hidden(name)):
        return HIDDEN
    if _is_large(value):
        return _NOT_SHOWN
    if isinstance(value, dict):
        return {_name(inner): _value(inner, one) for inner, one in value.items()}
    if isinstance(value, list):
        return [_value(name, one) for one in value]
    if not isinstance(value, str):
        return value
    return _cut_code(value) if is_cut_name(name) else _cut_in_url(value)[:_MAX_LENGTH]


def _cut_code(text: str) -> str | None:
    """Return the part of a code or token that may be shown: nothing of a one-time code."""
    return HIDDEN if text.isdecimal() and len(text) <= SHOWN else cut(text)


def _is_large(value: Any) -> bool:
    """Return whether nested JSON has too many values or levels, without recursion."""
    level, count = list(_inside(value)), 0
    for _ in range(_MAX_DEPTH):
        count += len(level)
        if not level or count > _MAX_ITEMS:
            return count > _MAX_ITEMS
        level = [inner for outer in level for inner in _inside(outer)]
    return True


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _cut_in_url(text: str) -> str:
    if "=" not in text and "%3" not in text:
        return text
    return _IN_URL.sub(lambda match: f"{match[1]}{cut(match[2])}", text)


def _cut_runs(text: str) -> str:
    return _RUN.sub(lambda match: str(cut(match[0])), text)
