"""Request parameters as OAuth defines them: no duplicates, and empty means absent.

Spec: RFC 6749 3.1 and 3.2.
Auth0: JSON bodies are accepted as well as forms.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from mockidp.protocol.nearest import nearest
from mockidp.protocol.oauth_error import InvalidRequest

ONE_AUDIENCE = "Auth0 accepts one audience. Request a token for each API."
FORM = "application/x-www-form-urlencoded"
_MAX_PARAMETERS = 200
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
    try:
        pairs = parse_qsl(
            encoded, keep_blank_values=True, errors="strict", max_num_fields=_MAX_PARAMETERS
        )
    except UnicodeDecodeError as error:
        raise InvalidRequest(
            "Parameters must be UTF-8",
            hint=f"Byte {error.object[error.start]:#x} is not UTF-8 after percent-decoding.",
        ) from None
    except ValueError:
        raise InvalidRequest(
            "Too many parameters", hint=f"More than {_MAX_PARAMETERS} parameters were sent."
        ) from None
    return Parameters(_unique(pairs))


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
        values = json.loads(
            body.decode(),
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
        if b"\\u" in body:
            # JSON allows half a surrogate pair, which cannot be encoded.
            json.dumps(values, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise InvalidRequest(
            "Invalid JSON", hint="A \\u escape in the body is half of a surrogate pair."
        ) from None
    except UnicodeDecodeError:
        raise InvalidRequest("Invalid JSON", hint="The body is not UTF-8.") from None
    except RecursionError:
        raise InvalidRequest("Invalid JSON", hint="The body is nested too deeply.") from None
    except ValueError as error:
        hint = f"The body is not JSON: {str(error).partition(';')[0]}."
        if _FORM_START.match(body):
            hint = (
                "The body is a form (`a=b&c=d`), but Content-Type says JSON. Send "
                f"`Content-Type: {FORM}`."
            )
        raise InvalidRequest("Invalid JSON", hint=hint) from None
    return values


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
