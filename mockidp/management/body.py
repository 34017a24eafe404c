"""Check the body of a call: its keys here, and its values with the checks of the records."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from mockidp.codec.mistakes import ConfigError, Mistake, describe
from mockidp.management.operation import Call
from mockidp.management.refusals import invalid_body
from mockidp.protocol.nearest import nearest
from mockidp.protocol.refusal import ApiRefusal

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


def check_keys(call: Call, allowed: Collection[str], required: Collection[str] = ()) -> None:
    """Check that the body has all required keys, and no others than those that are allowed.

    Raises:
        ApiRefusal: It has not, or has others.
    """
    with call.tenant.trace.check("body", keys=tuple(call.body)):
        check_keys_of(call.body, allowed, required)


def check_keys_of(
    body: Mapping[str, Any], allowed: Collection[str], required: Collection[str] = ()
) -> None:
    """Check the keys of an object in the body.

    Raises:
        ApiRefusal: A required key is missing, or there is another one.
    """
    for one in required:
        if one not in body:
            raise invalid_body(
                f"Missing required property: {one}", hint=f"Send `{one}` in the body."
            )
    other = [one for one in body if one not in allowed]
    if other:
        near = nearest(other[0], sorted(allowed))
        meant = f" Did you mean {near}?" if near else ""
        raise invalid_body(
            f"Additional properties not allowed: {','.join(other)}",
            hint=f"The body has {', '.join(other)}, which this call does not accept.{meant}",
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


def check_number(call: Call, name: str, *, least: int, most: int) -> None:
    """Check that a member of the body is a number within bounds.

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
            raise _refusal(error.mistakes[0]) from None


def _refusal(mistake: Mistake) -> ApiRefusal:
    expected, found = _type_in(mistake.expected), _type_in(mistake.found)
    reason = (
        f"Expected type {expected} but found type {found}"
        if expected and found and expected != found
        else f"Expected {mistake.expected}"
    )
    return invalid_body(
        reason, at=mistake.path, hint=f"Found {mistake.found}, expected {mistake.expected}."
    )


def _type_in(text: str) -> str | None:
    return next((name for words, name in _TYPES.items() if text.startswith(words)), None)
