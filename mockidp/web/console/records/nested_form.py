"""Forms for records within records: the fields of inner records have dotted names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from mockidp.codec.kind import RecordOf
from mockidp.codec.shape import shape_of
from mockidp.frozen import replace
from mockidp.web.console.records.form import FormField, descriptions, field_of


def nested_fields(
    record: Any, *, prefix: str = "", secrets: Collection[str] = ()
) -> Iterator[FormField]:
    """Yield the fields of a form for a record. Those that differ from the defaults are main ones.

    Args:
        record: The record.
        prefix: The beginning of all names, with a dot at its end.
        secrets: The names of the fields whose values are not shown.
    """
    cls: Any = type(record)
    described = descriptions(cls)
    for one in shape_of(cls).fields.values():
        name, value = prefix + one.name, getattr(record, one.attribute)
        if isinstance(one.kind, RecordOf):
            yield from nested_fields(value, prefix=f"{name}.", secrets=secrets)
            continue
        yield replace(
            field_of(one, value, is_secret=name in secrets),
            name=name,
            note=described.get(one.attribute, ""),
            is_main=value != one.default,
        )


def nest(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by dotted names as records within records."""
    nested: dict[str, Any] = {}
    for name, value in changes.items():
        *outer, last = name.split(".")
        inner = nested
        for step in outer:
            inner = inner.setdefault(step, {})
        inner[last] = value
    return nested
