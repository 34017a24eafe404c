"""Values of stored objects: members that are never shown, and secrets that are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def visible(shown: Mapping[str, Any], write_only: Iterable[str]) -> dict[str, Any]:
    """Return an object without the members at some paths. Lists on the way are entered."""
    after = dict(shown)
    for path in write_only:
        after = _without(after, path.split("."))
    return after


def _without(value: Any, steps: list[str]) -> Any:
    if isinstance(value, list):
        return [_without(one, steps) for one in value]
    if not isinstance(value, Mapping) or steps[0] not in value:
        return value
    first, *rest = steps
    kept = {name: one for name, one in value.items() if name != first}
    if not rest:
        return kept
    return {name: _without(one, rest) if name == first else one for name, one in value.items()}


def keep_secrets(
    before: Mapping[str, Any], after: Mapping[str, Any], secrets: Iterable[str]
) -> dict[str, Any]:
    """Return an object with those secrets of the one before that an update leaves out.

    Auth0's tools do not send secrets that they do not know. Objects in a list are the same if they
    have the same name.
    """
    kept = dict(after)
    for path in secrets:
        kept = _with_secret(before, kept, path.split("."))
    return kept


def _with_secret(before: Any, after: Any, steps: list[str]) -> Any:
    if isinstance(before, list) and isinstance(after, list):
        return [_with_secret(_same(before, one), one, steps) for one in after]
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return after
    first, *rest = steps
    if first not in before:
        return after
    if not rest:
        return {first: before[first], **after}
    if first not in after:
        return after
    return {**after, first: _with_secret(before[first], after[first], rest)}


def _same(known: list[Any], one: Any) -> Any:
    """Return the object that has the same name, or None."""
    name = _name(one)
    return next((other for other in known if name is not None and _name(other) == name), None)


def _name(value: Any) -> Any:
    return value.get("name") if isinstance(value, Mapping) else None


def with_ids(value: Any, key: str, ids: Mapping[str, str]) -> Any:
    """Return a value with ids in place of names in all its members of a name.

    Files of the Deploy CLI refer to other objects by their names.
    """
    if isinstance(value, list):
        return [with_ids(one, key, ids) for one in value]
    if not isinstance(value, Mapping):
        return value
    after = {name: with_ids(one, key, ids) for name, one in value.items()}
    named = after.get(key)
    return {**after, key: ids[named]} if isinstance(named, str) and named in ids else after
