"""Check the JSON types of members of a body, and the items of its lists.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from mockidp.management.body import check_keys_of
from mockidp.management.formats import check_number_of
from mockidp.management.operation import Call
from mockidp.management.refusals import invalid_body
from mockidp.resources.unsupported import look_up

MAX_TEXT = 255
"""The most characters of a value in metadata (D)."""
JsonType = Literal["string", "boolean", "integer", "number", "object", "array"]
Members = Mapping[str, "JsonType | Members | None"]
"""The members of an object by their names: their types, their own members, or None for any."""
_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "object": (dict,),
    "array": (list,),
}


def json_type(value: Any) -> str:
    """Return the JSON type of a value."""
    if value is None:
        return "null"
    return next(name for name, types in _TYPES.items() if isinstance(value, types))


def check_types(call: Call, types: Mapping[str, JsonType]) -> None:
    """Check the types of members of the body. Null removes a member, and is accepted.

    Raises:
        ApiRefusal: One has another type.
    """
    with call.tenant.trace.check("types"):
        check_types_of(call.body, types)


def check_types_of(body: Mapping[str, Any], types: Mapping[str, JsonType], *, at: str = "") -> None:
    """Check the types of members of an object in the body, which is at a path.

    Raises:
        ApiRefusal: One has another type.
    """
    for name, expected in types.items():
        _check_type(body.get(name), expected, f"{at}.{name}" if at else name)


def _check_type(value: Any, expected: JsonType | None, at: str) -> None:
    if value is not None and expected is not None:
        check_type(value, expected, at)


def check_type(value: Any, expected: JsonType, at: str) -> None:
    """Check the type of a value in the body, which is at a path. Null is a type of its own.

    Raises:
        ApiRefusal: It has another type.
    """
    found = json_type(value)
    is_number = expected == "number" and found == "integer"
    if found != expected and not is_number:
        raise invalid_body(
            f"Expected type {expected} but found type {found}",
            at=at,
            hint=f"Send `{at}` as {_words(expected)}.",
        )


def _words(expected: str) -> str:
    return f"an {expected}" if expected[0] in "aio" else f"a {expected}"


def check_members(call: Call, name: str, known: Members) -> None:
    """Check the members of an object in the body, and those of the objects in it.

    Raises:
        ApiRefusal: One is not known, or has another type.
    """
    sent = call.body.get(name)
    with call.tenant.trace.check(name):
        if isinstance(sent, dict):
            _check_members(sent, known, name)


def _check_members(sent: Mapping[str, Any], known: Members, at: str) -> None:
    check_keys_of(sent, known, at=at)
    for name, value in sent.items():
        expected, path = known[name], f"{at}.{name}"
        inner = expected if isinstance(expected, Mapping) else None
        _check_type(value, expected if not isinstance(expected, Mapping) else "object", path)
        if inner is not None and isinstance(value, dict):
            _check_members(value, inner, path)


def check_texts(call: Call, name: str, *, most: int) -> None:
    """Check that the values of an object in the body are strings. Null removes one.

    Raises:
        ApiRefusal: One has another type, or is too long, or there are more than `most`.
    """
    sent = call.body.get(name)
    with call.tenant.trace.check(name):
        check_number_of(sent, name, most=most)
        for key, value in sent.items() if isinstance(sent, dict) else ():
            found = json_type(value)
            if found not in ("string", "null"):
                raise invalid_body(
                    f"Expected type string but found type {found}",
                    at=f"{name}.{key}",
                    hint=f"Send all values of `{name}` as strings.",
                )
            if value is not None and len(value) > MAX_TEXT:
                raise invalid_body(
                    f"String is too long ({len(value)} chars), maximum {MAX_TEXT}",
                    at=f"{name}.{key}",
                    hint=f"Send values of `{name}` with at most {MAX_TEXT} characters.",
                )


def check_unique(call: Call, *paths: str) -> None:
    """Check that lists in the body, each at a path, have no item twice.

    Raises:
        ApiRefusal: One has.
    """
    with call.tenant.trace.check("unique_items"):
        for path in paths:
            items = look_up(call.body, path)
            for index, one in enumerate(items if isinstance(items, list) else ()):
                if one in items[:index]:
                    raise invalid_body(
                        f"Array items are not unique (indexes {items.index(one)} and {index})",
                        at=path,
                        hint=f"`{path}` has {one!r} twice.",
                    )
