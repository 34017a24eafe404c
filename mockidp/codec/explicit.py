"""The fields of a record that a source sets to their default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from mockidp.codec.shape import Shape

EXPLICIT = "explicit"
"""The attribute of a record that has their names."""


def explicit_fields(
    names: Iterable[str], values: Mapping[str, Any], shape: Shape
) -> frozenset[str]:
    """Return the attributes of the fields that are set to their default.

    Args:
        names: The keys of the source. Those without a field are ignored.
        values: What was read, by attribute. Null in the source has no value here.
        shape: The shape of the record.
    """
    fields = (shape.fields[name] for name in names if name in shape.fields)
    return _shared(
        frozenset(
            one.attribute
            for one in fields
            if one.attribute in values and values[one.attribute] == one.default
        )
    )


@lru_cache(maxsize=1024)
def _shared(names: frozenset[str]) -> frozenset[str]:
    """Return equal sets as the same object, because many records have the same one."""
    return names
