"""The mapping of a connection: a SCIM resource from a user, and a user's fields from a resource.

Auth0: attributes without an entry in the mapping are ignored; `blocked` is the opposite of
`active`; `id` is the `user_id`. Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from mockidp.frozen import replace
from mockidp.protocol.scim.path import (
    ENTERPRISE,
    USER,
    AttributePath,
    Resource,
    is_selected,
    parse_path,
    set_at,
    value_at,
)
from mockidp.resources.scim_configuration import ScimMapping
from mockidp.resources.user import User

ROOT = (
    "email", "username", "preferred_username", "name", "nickname", "given_name", "family_name",
    "picture", "locale", "phone_number", "blocked", "email_verified", "phone_verified",
)  # fmt: skip
"""The attributes outside of metadata that a user has here."""
METADATA = ("app_metadata", "user_metadata")
BLOCKED, ACTIVE = "blocked", "active"
_SENT_BY_AUTH0 = ("schemas", "id", "meta")

Pairs = tuple[tuple[AttributePath, str], ...]
"""The entries of a mapping: paths in a SCIM resource, and attributes of a user."""


def pairs_of(mapping: Iterable[ScimMapping]) -> Pairs:
    """Return the entries of a mapping."""
    return tuple((parse_path(one.scim), one.auth0) for one in mapping)


def resource_of(user: User, pairs: Pairs) -> Resource:
    """Return a user as a SCIM resource, without `meta`."""
    resource: Resource = {"schemas": [USER], "id": user.user_id}
    for path, attribute in pairs:
        value = _attribute(user, attribute)
        if _is_reversed(path, attribute):
            value = not value
        if value is not None:
            set_at(resource, path, deepcopy(value))
    if ENTERPRISE in resource:
        resource["schemas"] = [USER, ENTERPRISE]
    return resource


def fields_of(resource: Resource, pairs: Pairs) -> dict[str, Any]:
    """Return the fields of a user that a resource has. A missing value is None.

    The members of metadata are in objects. A resource without `active` says nothing about a block.
    """
    fields: dict[str, Any] = {}
    for path, attribute in pairs:
        value = value_at(resource, path)
        root, _, name = attribute.partition(".")
        if root in METADATA and name:
            fields.setdefault(root, {})[name] = value
        elif _is_reversed(path, attribute):
            if value is not None:
                fields[attribute] = not value if isinstance(value, bool) else value
        elif attribute in ROOT:
            fields[attribute] = value
    return fields


def unmapped(resource: Resource, pairs: Pairs) -> Iterator[str]:
    """Yield the attributes of a resource that no entry of the mapping reads."""
    for name, value in resource.items():
        if name.lower().startswith("urn:") and isinstance(value, dict):
            yield from _unmapped_in(name, value, pairs)
        elif name.lower() not in _SENT_BY_AUTH0:
            yield from _unmapped_in("", {name: value}, pairs)


def _unmapped_in(schema: str, attributes: Mapping[str, Any], pairs: Pairs) -> Iterator[str]:
    prefix = f"{schema}:" if schema else ""
    for name, value in attributes.items():
        sent = AttributePath(text=f"{prefix}{name}", schema=schema, attribute=name)
        if isinstance(value, dict):
            for sub in value:
                yield from unread((replace(sent, text=f"{sent.text}.{sub}", sub=sub),), pairs)
        elif isinstance(value, list):
            readers = [path for path, _ in pairs if _reads(path, sent)]
            if not all(any(is_selected(one, path) for path in readers) for one in value):
                yield sent.text
        else:
            yield from unread((sent,), pairs)


def unread(paths: Iterable[AttributePath], pairs: Pairs) -> list[str]:
    """Return the paths that no entry of the mapping reads."""
    return [one.text for one in paths if not any(_reads(path, one) for path, _ in pairs)]


def _reads(path: AttributePath, sent: AttributePath) -> bool:
    """Return whether an entry of a mapping reads at least a part of what a path names."""
    return (
        path.schema.lower() == sent.schema.lower()
        and (not sent.attribute or path.attribute.lower() == sent.attribute.lower())
        and (not (path.sub and sent.sub) or path.sub.lower() == sent.sub.lower())
        and (not (path.condition and sent.condition) or path.condition == sent.condition)
    )


def unstored(pairs: Pairs) -> list[str]:
    """Return the attributes of users that are not stored here."""
    return [
        attribute
        for _, attribute in pairs
        if attribute not in ROOT and attribute.partition(".")[0] not in METADATA
    ]


def _attribute(user: User, attribute: str) -> Any:
    root, _, name = attribute.partition(".")
    if root in METADATA:
        return getattr(user, root).get(name)
    return getattr(user, attribute) if attribute in ROOT else None


def _is_reversed(path: AttributePath, attribute: str) -> bool:
    return attribute == BLOCKED and path.attribute.lower() == ACTIVE
