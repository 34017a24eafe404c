"""Check the forms of values in a body: lengths, words, colors and URLs.

The texts are those of the validator z-schema. Source: docs/fidelity.md.
"""

from __future__ import annotations

import re
from typing import Any

from mockidp.management.operation import Call
from mockidp.management.refusals import invalid_body
from mockidp.protocol.errors.nearest import nearest
from mockidp.resources.checks import split_url

_COLOR = re.compile("#([0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})")


def check_word(call: Call, name: str, *words: str) -> None:
    """Check that a member of the body is one of some words. Null is accepted.

    Raises:
        ApiRefusal: It is another value.
    """
    sent = call.body.get(name)
    with call.tenant.trace.check(name, sent=sent):
        if sent is not None and sent not in words:
            near = nearest(str(sent), words)
            meant = f" Did you mean {near}?" if near else ""
            listed = ", ".join(filter(None, words))
            raise invalid_body(
                f"No enum match for: {sent}",
                at=name,
                hint=f"`{name}` is {str(sent)[:40]!r}, but it can only be {listed}.{meant}",
            )


def check_length(call: Call, name: str, *, most: int) -> None:
    """Check that a string in the body has 1 to `most` characters.

    Raises:
        ApiRefusal: It is shorter or longer.
    """
    sent = call.body.get(name)
    length = len(sent) if isinstance(sent, str) else None
    with call.tenant.trace.check(f"length of {name}", length=length, most=most):
        if length is None or 1 <= length <= most:
            return
        reason = "long" if length else "short"
        bound = f"maximum {most}" if length else "minimum 1"
        raise invalid_body(
            f"String is too {reason} ({length} chars), {bound}",
            at=name,
            hint=f"`{name}` has {length} characters. Send 1 to {most}.",
        )


def check_number_of(items: Any, at: str, *, least: int = 0, most: int | None = None) -> None:
    """Check how many members an object in the body has, which is at a path.

    Raises:
        ApiRefusal: It has too few or too many.
    """
    number = len(items) if isinstance(items, dict) else None
    if number is None:
        return
    place = f"`{at}`" if at else "The body"
    if number < least:
        raise invalid_body(
            f"Too few properties defined ({number}), minimum {least}",
            at=at,
            hint=f"{place} has {number} members. Send at least {least}.",
        )
    if most is not None and number > most:
        raise invalid_body(
            f"Too many properties defined ({number}), maximum {most}",
            at=at,
            hint=f"{place} has {number} members. Send at most {most}.",
        )


def check_color(value: Any, at: str) -> None:
    """Check that a string in the body, which is at a path, is a hexadecimal color.

    Raises:
        ApiRefusal: It is another string.
    """
    if isinstance(value, str) and not _COLOR.fullmatch(value):
        raise invalid_body(
            f"Object didn't pass validation for format html-color: {value}",
            at=at,
            hint=f"`{at}` is {value[:40]!r}. Send a hexadecimal color, such as #0059d6.",
        )


def check_https_url(value: Any, at: str) -> None:
    """Check that a string in the body, which is at a path, is an https URL.

    Raises:
        ApiRefusal: It is another string.
    """
    split = split_url(value) if isinstance(value, str) else None
    is_https = split is not None and split.scheme == "https" and bool(split.hostname)
    if isinstance(value, str) and not is_https:
        raise invalid_body(
            f"Object didn't pass validation for format strict-https-uri-or-null: {value}",
            at=at,
            hint=f"`{at}` is {value[:100]!r}. Send an https URL, or null for none.",
        )
