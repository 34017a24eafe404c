"""Request parameters as OAuth defines them: no duplicates, and empty means absent.

Spec: RFC 6749 3.1 and 3.2.
Auth0: JSON bodies are accepted as well as forms.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from mockidp.protocol.errors.nearest import nearest
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.urls.percent import unescape

ONE_AUDIENCE = "Auth0 accepts one audience. Request a token for each API."
FORM = "application/x-www-form-urlencoded"
_MAX_PARAMETERS = 200
MAX_DEPTH = 200
"""The levels of lists and objects in JSON. Records are read recursively."""
_NEAR = 0.8
"""How similar a sent name must be to that of a missing parameter to count as a misspelling."""
_FORM_START = re.compile(rb"\s{0,9}[A-Za-z_][\w.\[\]-]{0,99}=")


class Parameters:
    """The parameters of one request, by name."""

    __slots__ = ("_reason", "_unread", "_values")

    def __init__(
        self,
        values: Mapping[str, Any],
        *,
        unread: Collection[str] | None = (),
        reason: str = "",
    ) -> None:
        """Store the parameters that were read.

        Args:
            values: The parameters that were read.
            unread: Names of parameters that were sent in a place that is ignored; None if that
                may be true for any missing parameter.
            reason: The place, for the hint.
        """
        self._values = values
        self._unread = unread
        self._reason = reason

    def with_unread(self, unread: Collection[str] | None, reason: str) -> Parameters:
        """Return the same parameters, with the names of those sent in a place that is ignored."""
        return Parameters(self._values, unread=unread, reason=reason)

    def why_absent(self, name: str) -> str:
        """Explain how a missing parameter was sent instead; empty if it was not sent."""
        if self._unread is None or name in self._unread:
            return self._reason
        if f"amp;{name}" in self._values:
            return (
                f"Parameter `amp;{name}` was sent. The URL was escaped for HTML (`&amp;`) and not "
                "unescaped."
            )
        near = nearest(name, self._values, likeness=_NEAR)
        return (
            f"Parameter `{near}` was sent. Did you mean `{name}`?" if near and near != name else ""
        )

    def get(self, name: str) -> str | None:
        """Return the value, or None if it is absent or empty.

        Raises:
            InvalidRequest: The value is JSON and not a string.
        """
        value = self._values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise InvalidRequest(
                f"Parameter '{name}' must be a string",
                hint=f"Parameter `{name}` was sent as JSON {type(value).__name__}. Send it in "
                "quotes." + _if_audience(name),
            )
        return value

    def require(self, name: str) -> str:
        """Return the value.

        Raises:
            InvalidRequest: It is absent or empty.
        """
        value = self.get(name)
        if value is None:
            was = "empty, which counts as absent" if name in self._values else "not sent"
            raise InvalidRequest(
                f"Missing required parameter: {name}",
                hint=self.why_absent(name) or f"Parameter `{name}` was {was}. Send it.",
            )
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def raw(self) -> Mapping[str, Any]:
        """Return everything as it was sent."""
        return self._values


def parse_form(encoded: str) -> Parameters:
    """Parse a query string or a form body.

    Raises:
        InvalidRequest: A duplicate parameter, a NUL byte, or bytes that are not UTF-8.
    """
    if not encoded.isascii():
        raise InvalidRequest(
            "Parameters must be percent-encoded",
            hint="The parameters contain bytes outside ASCII. Percent-encode them as UTF-8.",
        )
    fields = encoded.replace("+", " ").split("&")
    if len(fields) > _MAX_PARAMETERS:
        raise InvalidRequest(
            "Too many parameters", hint=f"More than {_MAX_PARAMETERS} parameters were sent."
        )
    split = [field.partition("=") for field in fields if field]
    try:
        pairs = [(unescape(name), unescape(value)) for name, _, value in split]
    except UnicodeDecodeError as error:
        raise InvalidRequest(
            "Parameters must be UTF-8",
            hint=f"Byte {error.object[error.start]:#x} is not UTF-8 after percent-decoding.",
        ) from None
    values = {} if "%00" in encoded or "\0" in encoded else dict(pairs)
    return Parameters(values if len(values) == len(pairs) else _unique(pairs))


def parse_form_body(body: bytes) -> Parameters:
    """Parse a form body. Hints say so if it is JSON with the content type of a form.

    Raises:
        InvalidRequest: As `parse_form`.
    """
    if not body.lstrip().startswith((b"{", b"[", b'"{')):
        return parse_form(body.decode("latin-1"))
    reason = (
        f"The body is JSON, but Content-Type is {FORM}, as `curl -d` sets it. Send `Content-Type: "
        "application/json`."
    )
    try:
        return parse_form(body.decode("latin-1")).with_unread(None, reason)
    except InvalidRequest as error:
        error.hint = reason
        raise


def parse_json(body: bytes) -> Parameters:
    """Parse a JSON body: one object.

    Raises:
        InvalidRequest: Not a JSON object in UTF-8, a duplicate, a NUL or half a surrogate pair.
    """
    values = parse_json_value(body)
    if not isinstance(values, dict):
        twice = isinstance(values, str) and values.lstrip().startswith("{")
        raise InvalidRequest(
            "Invalid JSON",
            hint=f"The body is a JSON {type(values).__name__} instead of an object."
            + (" It was converted to JSON twice." if twice else ""),
        )
    return Parameters(values)


def parse_json_value(body: bytes) -> Any:
    """Parse a JSON body of any type.

    Raises:
        InvalidRequest: Not JSON in UTF-8, a duplicate, a NUL or half a surrogate pair.
    """
    try:
        return load_json(body.decode())
    except UnicodeDecodeError:
        raise InvalidRequest("Invalid JSON", hint="The body is not UTF-8.") from None
    except ValueError as error:
        hint = f"The body {error}."
        if _FORM_START.match(body):
            hint = (
                "The body is a form (`a=b&c=d`), but Content-Type says JSON. Send "
                f"`Content-Type: {FORM}`."
            )
        raise InvalidRequest("Invalid JSON", hint=hint) from None


def load_json(text: str) -> Any:
    """Parse JSON.

    Raises:
        ValueError: It is not JSON, is nested too deeply, or has half a surrogate pair. The message
            continues a sentence about the text.
        InvalidRequest: It has a duplicate or a NUL.
    """
    try:
        values = _decoder().decode(text)
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"is not JSON: {str(error).partition(';')[0]}") from None
    return _check_json(text, values)


def decode_json(text: str, start: int) -> tuple[Any, int]:
    """Parse the JSON value that begins at a place of a text. Return it, and where it ends.

    Raises:
        JSONDecodeError: No complete value begins there.
        ValueError: As `load_json`.
        InvalidRequest: As `load_json`.
    """
    try:
        value, end = _decoder().raw_decode(text, start)
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    except json.JSONDecodeError:
        raise
    except ValueError as error:
        raise ValueError(f"is not JSON: {error}") from None
    return _check_json(text[start:end], value), end


@cache
def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(
        object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite
    )


def _check_json(text: str, values: Any) -> Any:
    """Return a parsed value, unless it cannot be encoded or is too deep."""
    if "\\u" in text:
        # JSON allows half a surrogate pair, which cannot be encoded.
        try:
            json.dumps(values, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise ValueError("has a \\u escape that is half of a surrogate pair") from None
    if text.count("[") + text.count("{") > MAX_DEPTH and _is_too_deep(values):
        raise ValueError(f"is nested too deeply: it has more than {MAX_DEPTH} levels")
    return values


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [inner for one in level for inner in _inner_values(one)]
    return bool(level)


def _inner_values(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _if_audience(name: str) -> str:
    """Return a sentence to add to the hint if several audiences were sent."""
    return f" {ONE_AUDIENCE}" if name == "audience" else ""


def _finite(text: str) -> float:
    """Parse a number that JSON can represent: Python reads 1e400 as infinity."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the number {text[:20]} is too large")
    return number


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")


def _unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse duplicate names (RFC 6749 3.1) and NUL bytes."""
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name in values:
            raise InvalidRequest(
                f"Duplicate parameter: {name}",
                hint=f"Parameter `{name}` was sent more than once." + _if_audience(name),
            )
        if "\0" in name or (isinstance(value, str) and "\0" in value):
            raise InvalidRequest(
                "Parameters must not contain NUL", hint=f"Parameter {name!r} contains a NUL byte."
            )
        values[name] = value
    return values
