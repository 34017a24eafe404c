"""Describe records as JSON Schema.

Spec: JSON Schema 2020-12.
"""

from __future__ import annotations

import inspect
from collections.abc import Collection
from dataclasses import is_dataclass
from typing import Any

from mockidp.codec.descriptions import descriptions_of
from mockidp.codec.kind import (
    Choice,
    Kind,
    ListOf,
    MappingOf,
    Nullable,
    RecordOf,
    Scalar,
    kind_of,
)
from mockidp.codec.shape import FieldShape, Shape, shape_of

_SCALARS = {str: "string", bool: "boolean", int: "integer", float: "number"}


class Schemas:
    """The JSON Schemas of records, which refer to each other by class name."""

    def __init__(self, optional: Collection[tuple[type, str]] = ()) -> None:
        self.records: dict[str, Any] = {}
        self._optional = optional
        """Required fields that a sender may leave out."""

    def of(self, hint: Any) -> dict[str, Any]:
        """Return the schema of a type hint. Records are added to `records` and referred to."""
        return self.of_kind(kind_of(hint))

    def of_kind(self, kind: Kind) -> dict[str, Any]:
        """Return the schema of a kind."""
        match kind:
            case Nullable(inner):
                return _nullable(self.of_kind(inner))
            case RecordOf(cls):
                return self._reference(cls)
            case ListOf(item):
                return {"type": "array", "items": self.of_kind(item)}
            case MappingOf(inner):
                values = self.of_kind(inner)
                return {"type": "object"} | ({"additionalProperties": values} if values else {})
        return _schema_of_leaf(kind)

    def of_record(self, cls: type) -> dict[str, Any]:
        """Return the schema of a record itself."""
        shape, descriptions = shape_of(cls), all_descriptions(cls)
        properties: dict[str, Any] = {}
        for name, one in shape.fields.items():
            described = descriptions.get(one.attribute, one.description)
            properties[name] = self._property(one, shape) | (
                {"description": described} if described else {}
            )
        required = [
            one.name for one in shape.required if (cls, one.attribute) not in self._optional
        ]
        return {
            "type": "object",
            "description": inspect.getdoc(cls),
            "properties": properties | {name: {} for name in sorted(shape.kept)},
            "additionalProperties": shape.keeps_anything,
            **({"required": required} if required else {}),
        }

    def _property(self, one: FieldShape, shape: Shape) -> dict[str, Any]:
        schema = self.of_kind(one.kind)
        if one.one_or_more:
            schema = {"anyOf": [schema, schema["items"]]}
        if one.string_of:
            schema = schema | {"items": {"anyOf": [schema["items"], {"type": "string"}]}}
        return _nullable(schema) if shape.is_record and not one.is_required else schema

    def _reference(self, cls: type) -> dict[str, Any]:
        if cls.__name__ not in self.records:
            self.records[cls.__name__] = {}  # keeps its place before the records that it contains
            self.records[cls.__name__] = self.of_record(cls)
        return {"$ref": f"#/components/schemas/{cls.__name__}"}


def all_descriptions(cls: type) -> dict[str, str]:
    """Return the descriptions of a record's fields, inherited ones included."""
    described: dict[str, str] = {}
    for one in reversed(cls.__mro__):
        if is_dataclass(one):
            described |= descriptions_of(one)
    return described


def _schema_of_leaf(kind: Kind) -> dict[str, Any]:
    match kind:
        case Choice(words):
            return {"type": "string", "enum": list(words)}
        case Scalar(type=name):
            return {"type": _SCALARS[name]}
    return {}


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if "null" in schema.get("type", ()) or {"type": "null"} in schema.get("anyOf", ()):
        return schema
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return schema | {"type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}
