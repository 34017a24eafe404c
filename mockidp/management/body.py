"""Check the body of a call: its keys here, and its values with the checks of the records."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from mockidp.codec.mistakes import REQUIRED, UNKNOWN_KEY, ConfigError, Mistake, Path, describe
from mockidp.management.operation import Call
from mockidp.management.refusals import invalid_body
from mockidp.protocol.errors.nearest import nearest
from mockidp.protocol.errors.refusal import ApiRefusal

_TYPES = {
    "a string": "string",
    "true or false": "boolean",
    "a whole number": "integer",
    "a number": "number",
    "a mapping": "object",
    "a list": "array",
    "the string": "string",
    "the boolean": "boolean",
    "the number": "number",
    "nothing": "null",
}
"""JSON Schema's types by the words of a mistake."""
_FORMATS = {"an e-mail address": "email"}
"""Formats of the schemas by the words of a mistake."""
_WORDS = "one of "
"""How the expectation begins if a value has to be one of some words."""


def check_keys(call: Call, allowed: Collection[str], required: Collection[str] = ()) -> None:
    """Check that the body has all required keys, and no others than those that are allowed.

    Raises:
        ApiRefusal: It has not, or has others.
    """
    with call.tenant.trace.check("body", keys=tuple(call.body)):
        check_keys_of(call.body, allowed, required)


def check_keys_of(
    body: Mapping[str, Any],
    allowed: Collection[str],
    required: Collection[str] = (),
    *,
    at: str = "",
) -> None:
    """Check the keys of an object in the body, which is at a path.

    Raises:
        ApiRefusal: A required key is missing, or there is another one.
    """
    for one in required:
        if one not in body:
            path = f"{at}.{one}" if at else one
            raise invalid_body(
                f"Missing required property: {one}", at=at, hint=f"Send `{path}` in the body."
            )
    other = [one for one in body if one not in allowed]
    if other:
        near = nearest(other[0], sorted(allowed))
        meant = f" Did you mean {near}?" if near else ""
        holder = f"`{at}`" if at else "The body"
        raise invalid_body(
            f"Additional properties not allowed: {','.join(other)}",
            at=at,
            hint=f"{holder} has {', '.join(other)}, which this call does not accept.{meant}",
        )


def strings(call: Call, name: str) -> list[str]:
    """Return a list of strings in the body.

    Raises:
        ApiRefusal: It is another value.
    """
    sent = call.body[name]
    with call.tenant.trace.check(name):
        if not (isinstance(sent, list) and all(isinstance(one, str) for one in sent)):
            raise invalid_body(
                "Expected type array of strings", at=name, hint=f"Send `{name}` as a list of ids."
            )
    return sent


def text(call: Call, name: str) -> str | None:
    """Return a string in the body, or None if it was not sent.

    Raises:
        ApiRefusal: It is another value.
    """
    sent = call.body.get(name)
    with call.tenant.trace.check(name, sent=sent is not None):
        if not (sent is None or isinstance(sent, str)):
            raise invalid_body("Expected type string", at=name, hint=f"Send `{name}` as a string.")
    return sent


def required_text(call: Call, name: str) -> str:
    """Return a string in the body that may not be empty.

    Raises:
        ApiRefusal: It is another value.
    """
    sent = text(call, name)
    with call.tenant.trace.check(f"{name} has a value", sent=bool(sent)):
        if not sent:
            raise empty_text(name)
    return sent


def empty_text(name: str) -> ApiRefusal:
    """Return the refusal of an empty string."""
    return invalid_body(
        "String is too short (0 chars), minimum 1", at=name, hint=f"`{name}` is empty."
    )


def flag(call: Call, name: str) -> bool:
    """Return a boolean in the body; false if it was not sent.

    Raises:
        ApiRefusal: It is another value.
    """
    sent = call.body.get(name, False)
    with call.tenant.trace.check(name, sent=sent is True):
        if not isinstance(sent, bool):
            raise invalid_body(
                "Expected type boolean", at=name, hint=f"Send `{name}` as true or false."
            )
    return sent


def check_number(call: Call, name: str, *, least: int, most: int, is_whole: bool = False) -> None:
    """Check that a member of the body is a number within bounds, or a whole one.

    Raises:
        ApiRefusal: It is another value.
    """
    sent = call.body[name]
    with call.tenant.trace.check(name):
        if isinstance(sent, bool) or not isinstance(sent, int | float):
            raise invalid_body(
                f"Expected type number but found type {_type_in(describe(sent))}",
                at=name,
                hint=f"Send `{name}` as a number.",
            )
        if is_whole and sent != int(sent):
            raise invalid_body(
                "Expected type integer but found type number",
                at=name,
                hint=f"`{name}` is {sent}. Send a whole number.",
            )
        if not least <= sent <= most:
            raise invalid_body(
                f"Expected a number from {least} to {most}",
                at=name,
                hint=f"Send a `{name}` from {least} to {most}.",
            )


@contextmanager
def checked_values(call: Call) -> Iterator[None]:
    """Refuse the mistakes that the checks of records find as Auth0 does.

    Raises:
        ApiRefusal: There is a mistake. The refusal names the first.
    """
    try:
        yield
    except ConfigError as error:
        with call.tenant.trace.check("values", mistakes=len(error.mistakes)):
            raise _refusal(error.mistakes[0], call.body) from None


def _refusal(mistake: Mistake, body: Mapping[str, Any]) -> ApiRefusal:
    reason, at = reason_of(mistake, body)
    place = f" at `{mistake.path}`" if mistake.path else ""
    meant = f" Did you mean {mistake.suggestion}?" if mistake.suggestion else ""
    # A text in place of another type may be a secret that was sent in the wrong field.
    is_text = mistake.found.startswith("the string") and reason.startswith("Expected type")
    found = "a string" if is_text else mistake.found
    return invalid_body(
        reason, at=at, hint=f"Found {found}{place}, expected {mistake.expected}.{meant}"
    )


def reason_of(mistake: Mistake, body: Mapping[str, Any]) -> tuple[str, str]:
    """Return a mistake in the words of Auth0's schema validator, and the property it is about."""
    above, _dot, name = mistake.path.rpartition(".")
    if mistake.found == UNKNOWN_KEY:
        return f"Additional properties not allowed: {name}", above
    if mistake.expected.startswith(REQUIRED):
        return f"Missing required property: {name}", above
    expected, found = _type_in(mistake.expected), _type_in(mistake.found)
    if expected and found and expected != found:
        return f"Expected type {expected} but found type {found}", mistake.path
    sent = _value_at(mistake.steps, body)
    if mistake.expected in _FORMATS and sent is not None:
        reason = f"Object didn't pass validation for format {_FORMATS[mistake.expected]}: {sent}"
    elif mistake.expected.startswith(_WORDS) and sent is not None:
        reason = f"No enum match for: {sent}"
    else:
        reason = f"Expected {mistake.expected}"
    return reason, mistake.path


def _value_at(steps: Path | None, body: Mapping[str, Any]) -> str | None:
    """Return the string in the body that a mistake is about."""
    value: Any = body
    try:
        for step in steps or ():
            value = value[step]
    except (KeyError, IndexError, TypeError):
        return None
    return value if isinstance(value, str) else None


def _type_in(text: str) -> str | None:
    return next((name for words, name in _TYPES.items() if text.startswith(words)), None)
