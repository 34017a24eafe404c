"""Apply a PatchOp to a resource.

Spec: RFC 7644 3.5.2. The word of an operation is compared without case, because Entra ID sends
`Replace`; both Entra ID and Okta send paths as members of a value as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.protocol.scim.path import (
    ENTERPRISE,
    AttributePath,
    Resource,
    parse_path,
    remove_at,
    set_at,
    value_at,
)
from mockidp.protocol.scim.refusal import invalid

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
_OPERATIONS = ("add", "replace", "remove")


def apply_patch(resource: Resource, body: Mapping[str, Any]) -> tuple[AttributePath, ...]:
    """Change a resource. Return the paths that were changed.

    Raises:
        ScimRefusal: The body is no PatchOp, or an operation is not valid.
    """
    if body.get("schemas") != [PATCH_OP]:
        raise invalid(
            "invalidSyntax",
            "Request is unparsable, syntactically incorrect, or violates schema.",
            hint=f"`schemas` of a PATCH has to be [{PATCH_OP!r}].",
        )
    operations = body.get("Operations")
    if not isinstance(operations, list) or not operations:
        raise invalid(
            "invalidSyntax",
            "Request is unparsable, syntactically incorrect, or violates schema.",
            hint="`Operations` of a PATCH has to be a list of operations.",
        )
    return tuple(path for one in operations for path in _apply(resource, one))


def _apply(resource: Resource, operation: Any) -> list[AttributePath]:
    word = operation.get("op") if isinstance(operation, dict) else None
    if not isinstance(word, str) or word.lower() not in _OPERATIONS:
        raise invalid(
            "invalidSyntax",
            "Invalid operation",
            hint=f"`op` is {str(word)[:40]!r}. Send one of {', '.join(_OPERATIONS)}.",
        )
    path = operation.get("path")
    if path is not None and not isinstance(path, str):
        raise invalid("invalidPath", "Invalid path", hint="`path` has to be a string.")
    if word.lower() == "remove":
        return [_remove(resource, path, operation.get("value"))]
    if "value" not in operation:
        raise invalid(
            "invalidValue", "Missing value", hint=f"Operation {word!r} has no `value`. Send it."
        )
    value = operation["value"]
    changes = [(parse_path(path), value)] if path else _members(value)
    for one, new in changes:
        set_at(resource, one, new, is_added=word.lower() == "add")
    return [one for one, _ in changes]


def _remove(resource: Resource, path: str | None, value: Any) -> AttributePath:
    """Remove what a path names, or only the elements of a list that Entra ID sends as a value."""
    if not path:
        raise invalid("noTarget", "Missing path", hint="Operation 'remove' has no `path`. Send it.")
    parsed = parse_path(path)
    held = value_at(resource, parsed)
    if isinstance(value, list) and isinstance(held, list):
        removed = [_key_of(one) for one in value]
        set_at(resource, parsed, [one for one in held if _key_of(one) not in removed])
    else:
        remove_at(resource, parsed)
    return parsed


def _key_of(element: Any) -> Any:
    """Return what identifies an element of a list: its `value`, if it has members."""
    return element.get("value") if isinstance(element, dict) else element


def _members(value: Any) -> list[tuple[AttributePath, Any]]:
    """Return the changes of an operation without a path: each member of its value is one."""
    if not isinstance(value, dict):
        raise invalid(
            "invalidValue",
            "Invalid value",
            hint="`value` of an operation without `path` has to be an object.",
        )
    changes = []
    for name, one in value.items():
        if name.lower() == ENTERPRISE.lower() and isinstance(one, dict):
            changes += [(parse_path(f"{ENTERPRISE}:{sub}"), new) for sub, new in one.items()]
        else:
            changes.append((parse_path(name), one))
    return changes
