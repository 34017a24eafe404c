"""The fields of a record as tenant files and JSON have them, from its type hints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from functools import cache
from typing import Any, get_type_hints

from mockidp.codec.kind import Kind, ListOf, RecordOf, kind_of
from mockidp.frozen import frozen, replace
from mockidp.resources.record import Record
from mockidp.resources.unsupported import Differs

EXTRA = "extra"
"""The attribute with the values of the keys that have no field."""


@frozen(kw_only=False)
class FieldShape:
    """One field of a record."""

    name: str
    """Its name outside of Python: the attribute's, unless the metadata has a `name`."""
    attribute: str
    kind: Kind
    is_required: bool
    default: Any
    """The default; `MISSING` if the field is required."""
    metadata: Mapping[str, Any]
    one_or_more: bool
    """Whether a single string is accepted in place of a list."""
    string_of: str | None
    """In a list of records, the key that a bare string is the value of: `scopes: [read:items]`."""
    is_endless: bool
    """Whether the field is a time for which null means infinity."""
    description: str = ""
    """The description, if the class has no docstring for the field."""


@frozen(kw_only=False)
class Shape:
    """A record."""

    fields: Mapping[str, FieldShape]
    """The fields, by name outside of Python."""
    required: tuple[FieldShape, ...]
    kept: frozenset[str]
    """Keys that Auth0 knows and mockidp does not support."""
    differs: Mapping[str, Differs]
    """By name or path: fields that mockidp does not support, but that change Auth0's answers."""
    differing: frozenset[str]
    """The keys without which nothing in `differs` applies."""
    switches: frozenset[str]
    """The keys of fields that switch something in `differs` off."""
    other_names: Mapping[str, str]
    """By name in lower case: names that people expect for a key, and the key."""
    keeps_anything: bool
    is_record: bool
    has_extra: bool
    """Whether it has an attribute `extra` with the values of the keys that have no field."""


def shape_of(cls: Any) -> Shape:
    """Return the shape of a dataclass. It is cached.

    A class may add fields in a class method `complete_fields`, such as the sections of a tenant
    file that the registry of resource types has.
    """
    shape = _shape_of(cls)
    complete_fields = getattr(cls, "complete_fields", None)
    if complete_fields is None:
        return shape
    fields: Mapping[str, FieldShape] = complete_fields(shape.fields)
    return replace(shape, fields=fields, kept=shape.kept - fields.keys())


@cache
def _shape_of(cls: Any) -> Shape:
    hints = get_type_hints(cls)
    has_extra = any(one.name == EXTRA for one in fields(cls))
    differs: Mapping[str, Differs] = getattr(cls, "DIFFERS", {})
    declared = {
        name: _field(name, one, hints[one.name])
        for one in fields(cls)
        if (name := one.metadata.get("name", one.name)) is not None and one.name != EXTRA
    }
    differing = frozenset(one.partition(".")[0] for one in differs)
    known = getattr(cls, "COSMETIC", frozenset()) | differing
    return Shape(
        fields=declared,
        required=tuple(one for one in declared.values() if one.is_required),
        kept=known - declared.keys(),
        differs=differs,
        differing=differing,
        switches=frozenset(one.switch.partition(".")[0] for one in differs.values()),
        other_names=getattr(cls, "OTHER_NAMES", {}),
        keeps_anything=issubclass(cls, Record) and cls.KEEPS_ANYTHING,
        is_record=issubclass(cls, Record),
        has_extra=has_extra,
    )


def _field(name: str, one: Field[Any], hint: Any) -> FieldShape:
    has_factory = one.default_factory is not MISSING
    default = one.default_factory() if callable(one.default_factory) else one.default
    return FieldShape(
        name=name,
        attribute=one.name,
        kind=kind_of(hint),
        is_required=not has_factory and default is MISSING,
        default=default,
        metadata=one.metadata,
        one_or_more=bool(one.metadata.get("one_or_more")),
        string_of=one.metadata.get("string_of"),
        is_endless=bool(one.metadata.get("endless")),
    )


def list_field(name: str, attribute: str, cls: type, description: str) -> FieldShape:
    """Return an optional field with a list of records."""
    return FieldShape(
        name=name,
        attribute=attribute,
        kind=ListOf(RecordOf(cls)),
        is_required=False,
        default=(),
        metadata={},
        one_or_more=False,
        string_of=None,
        is_endless=False,
        description=description,
    )
