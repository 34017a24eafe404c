"""Auth0 fields that mockidp does not support, and whether Auth0's answers depend on them.

A record class lists them in `COSMETIC` and `DIFFERS`. A name with dots is a path into the value of
a field. If a field is in `COSMETIC` and has a path in `DIFFERS`, the rest of its value is cosmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mockidp.frozen import frozen


def unlike(*same: Any) -> Callable[[Any], bool]:
    """Return a predicate: whether a value is set and is not among the values in `same`.

    Null and empty strings, lists and mappings are not set. Lists and mappings are searched at
    every depth.
    """
    unset = (None, "", *same)

    def is_other(value: Any) -> bool:
        if isinstance(value, Mapping):
            return any(map(is_other, value.values()))
        if isinstance(value, list | tuple):
            return any(map(is_other, value))
        return value not in unset

    return is_other


is_set = unlike(False)


def is_false(value: Any) -> bool:
    """Return whether a value is false, and neither null nor absent."""
    return value is False


def any_enabled(value: Any) -> bool:
    """Return whether a list has an entry without `enabled: false`."""
    entries = value if isinstance(value, list) else ()
    return any(isinstance(one, Mapping) and one.get("enabled") is not False for one in entries)


@frozen(kw_only=False)
class Differs:
    """A field that mockidp does not support although an answer of Auth0's depends on it."""

    text: str
    """What Auth0 does: a clause that begins with "Auth0"."""
    when: Callable[[Any], bool] = is_set
    """Returns whether Auth0 answers differently for a value that is there."""
    switch: str = ""
    """Another field. If it is false, Auth0 ignores this one."""


def differences(
    classified: Mapping[str, Differs], values: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Yield the name and text of each field whose value makes Auth0 answer differently."""
    for name, one in classified.items():
        if name.partition(".")[0] not in values:
            continue
        is_off = bool(one.switch) and look_up(values, one.switch) is False
        if one.when(look_up(values, name)) and not is_off:
            yield name, one.text


def has_cosmetic(classified: Mapping[str, Differs], name: str, value: Any) -> bool:
    """Return whether a field is set apart from the parts that have their own entries."""
    if name in classified:
        return False
    has_entries = any(one.startswith(f"{name}.") for one in classified)
    if has_entries and isinstance(value, Mapping):
        return any(has_cosmetic(classified, f"{name}.{key}", one) for key, one in value.items())
    return is_set(value)


def look_up(values: Any, name: str) -> Any:
    """Return the value at a path; None if it leads nowhere."""
    for step in name.split("."):
        if not isinstance(values, Mapping):
            return None
        values = values.get(step)
    return values
