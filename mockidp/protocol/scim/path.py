"""Paths of attributes: parse one, and read, write and remove what it names in a resource.

Spec: RFC 7644 3.5.2 (`path`), 3.10. Names are compared without case (RFC 7643 2.1).
Auth0: the mapping of a connection has such paths, also with a dot after the URN of a schema.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from mockidp.frozen import frozen
from mockidp.protocol.scim.refusal import ScimType, invalid

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

_PATH = re.compile(
    r"(?:(?P<urn>urn:[\w:.-]+:(?:User|Group))(?:[.:]|$))?"
    r"(?P<attribute>[A-Za-z$][\w$-]*)?"
    r"(?:\[\s*(?P<key>[A-Za-z][\w$-]*)\s+eq\s+(?P<value>\"(?:[^\"\\\x00-\x1f]|\\[\"\\/bfnrt]|\\u[0-9a-f]{4})*\"|true|false)\s*\])?"
    r"(?:\.(?P<sub>[A-Za-z$][\w$-]*))?",
    re.IGNORECASE,
)
Resource = dict[str, Any]


@frozen
class AttributePath:
    """A path.

    Attributes:
        text: The path as it was sent.
        schema: The URN of an extension; empty for the core schema.
        attribute: The attribute; empty for a whole extension.
        condition: The name and the value of a sub-attribute that selects elements of a list.
        sub: The sub-attribute; empty for the whole attribute.
    """

    text: str
    schema: str = ""
    attribute: str = ""
    condition: tuple[str, str | bool] | None = None
    sub: str = ""

    @property
    def top(self) -> str:
        """The name of the member of a resource that has the value."""
        return self.schema or self.attribute


def parse_path(text: str, *, scim_type: ScimType = "invalidPath") -> AttributePath:
    """Parse a path such as `emails[type eq "work"].value`.

    Raises:
        ScimRefusal: It is not a path.
    """
    found = _PATH.fullmatch(text.strip())
    if found is None or not (found["urn"] or found["attribute"]):
        raise invalid(
            scim_type,
            f"Invalid attribute path: {text[:100]}",
            hint=f"{text[:100]!r} is not an attribute path. Examples are `name.givenName` and "
            '`emails[type eq "work"].value`.',
        )
    urn, value = found["urn"] or "", found["value"]
    is_core = urn.lower() in (USER.lower(), GROUP.lower())
    return AttributePath(
        text=text.strip(),
        schema="" if is_core else urn,
        attribute=found["attribute"] or "",
        condition=(found["key"], json.loads(value.lower() if value[0] != '"' else value))
        if value
        else None,
        sub=found["sub"] or "",
    )


def values_at(resource: Resource, path: AttributePath) -> Iterator[Any]:
    """Yield the values that a path names. Lists are entered."""
    holder = _holder(resource, path)
    found = holder.get(_key(holder, path.attribute)) if path.attribute else holder
    for one in found if isinstance(found, list) else [found]:
        if one is None or not is_selected(one, path):
            continue
        value = one.get(_key(one, path.sub)) if path.sub and isinstance(one, dict) else one
        if value is not None and (not path.sub or isinstance(one, dict)):
            yield value


def value_at(resource: Resource, path: AttributePath) -> Any:
    """Return the value that a path names: the whole list of an attribute with several values."""
    if not (path.condition or path.sub):
        holder = _holder(resource, path)
        return holder.get(_key(holder, path.attribute)) if path.attribute else holder
    return next(values_at(resource, path), None)


def set_at(resource: Resource, path: AttributePath, value: Any, *, is_added: bool = False) -> None:
    """Write a value. Members and elements on the way are created.

    Args:
        resource: The resource.
        path: The path.
        value: The value.
        is_added: Whether the values of a list are added to it, in place of replacing it.

    Raises:
        ScimRefusal: The path leads through a value without members.
    """
    holder = _holder(resource, path, is_made=True)
    name = _key(holder, path.attribute)
    if not path.attribute:
        _write(holder, path, value)
    elif path.condition:
        for one in _selected(holder, name, path):
            _write(one, path, value)
    elif path.sub:
        found = holder.setdefault(name, {})
        for one in found if isinstance(found, list) else [found]:
            _write(one, path, value)
    elif is_added and isinstance(holder.get(name), list):
        items = value if isinstance(value, list) else [value]
        holder[name] += [one for one in items if one not in holder[name]]
    elif isinstance(holder.get(name), dict) and isinstance(value, dict):
        holder[name] = {**holder[name], **value}
    else:
        holder[name] = value


def remove_at(resource: Resource, path: AttributePath) -> None:
    """Remove what a path names. Nothing is an error."""
    if not path.attribute:
        resource.pop(_key(resource, path.schema), None)
        return
    holder = _holder(resource, path)
    name = _key(holder, path.attribute)
    found = holder.get(name)
    if not (path.condition or path.sub):
        holder.pop(name, None)
        return
    items = found if isinstance(found, list) else [found]
    if not path.sub:
        holder[name] = [one for one in items if one is not None and not is_selected(one, path)]
        return
    for one in items:
        if isinstance(one, dict) and is_selected(one, path):
            one.pop(_key(one, path.sub), None)


def _holder(resource: Resource, path: AttributePath, *, is_made: bool = False) -> Resource:
    """Return the object with the attributes of a schema."""
    if not path.schema:
        return resource
    name = _key(resource, path.schema)
    found = resource.setdefault(name, {}) if is_made else resource.get(name)
    return found if isinstance(found, dict) else {}


def _selected(holder: Resource, name: str, path: AttributePath) -> list[Any]:
    """Return the elements that a condition selects, or a new one that it selects."""
    known = holder.get(name) or []
    items = holder[name] = known if isinstance(known, list) else [known]
    found = [one for one in items if is_selected(one, path)]
    if not found and path.condition:
        key, value = path.condition
        found = [{key: value}]
        items += found
    return found


def _write(holder: Any, path: AttributePath, value: Any) -> None:
    is_object = path.sub or isinstance(value, dict)
    if not (isinstance(holder, dict) and is_object):
        raise invalid(
            "invalidPath",
            f"Invalid value at path: {path.text[:100]}",
            hint=f"Path {path.text[:100]!r} needs a value with members. Send an object, or the "
            "path of one member.",
        )
    holder |= {_key(holder, path.sub): value} if path.sub else value


def is_selected(one: Any, path: AttributePath) -> bool:
    """Return whether the condition of a path selects an element of a list."""
    if path.condition is None:
        return True
    key, wanted = path.condition
    return isinstance(one, dict) and one.get(_key(one, key)) == wanted


def _key(holder: Resource, name: str) -> str:
    """Return the name of a member as the holder has it."""
    return next((one for one in holder if one.lower() == name.lower()), name)
