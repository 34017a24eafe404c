"""What a tenant file may say of a record, read from the record's own type hints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from functools import cache
from typing import Any, get_type_hints

from mockidp.resources.record import Record
from mockidp.resources.unsupported import Differs
from mockidp.tenant.config.node import Node


@dataclass(frozen=True, slots=True)
class Shape:
    """What a file may say of a dataclass."""

    fields: Mapping[str, tuple[Field[Any], Any]]
    """By name in the file: the field and its type."""
    kept: frozenset[str]
    """Keys that Auth0 knows and mockidp does not act on."""
    differs: Mapping[str, Differs]
    """By name, or by path: what mockidp does not act on although Auth0's answers depend on it."""
    keeps_anything: bool
    is_record: bool


@cache
def shape_of(cls: type) -> Shape:
    """Return what a file may say of a dataclass, worked out once."""
    hints = get_type_hints(cls)
    is_record = issubclass(cls, Record)
    differs: Mapping[str, Differs] = getattr(cls, "DIFFERS", {})
    declared = {
        one.metadata.get("name", one.name): (one, hints[one.name])
        for one in fields(cls)
        if one.metadata.get("name", one.name) is not None
        and not (is_record and one.name == "extra")
    }
    known = getattr(cls, "COSMETIC", frozenset()) | {one.partition(".")[0] for one in differs}
    return Shape(
        fields=declared,
        kept=known - declared.keys(),
        differs=differs,
        keeps_anything=issubclass(cls, Record) and cls.KEEPS_ANYTHING,
        is_record=is_record,
    )


def is_required(one: Field[Any]) -> bool:
    """Return whether a field has no default."""
    return one.default is MISSING and one.default_factory is MISSING


def says_nothing(node: Node, one: Field[Any], shape: Shape) -> bool:
    """Return whether null stands for "not set", as it does in Auth0's own resources."""
    return shape.is_record and node.value is None and not is_required(one)


def written_out(node: Node, one: Field[Any]) -> Node:
    """Return the node of a field that may be abbreviated, in full.

    A field with `one_or_more` in its metadata takes one value for a list of one. One with `text_of`
    takes a text for a mapping with that key alone: `scopes: [read:items]`.
    """
    if one.metadata.get("one_or_more") and isinstance(node.value, str):
        return Node(node.line, [node], key_line=node.key_line)
    if (key := one.metadata.get("text_of")) and isinstance(node.value, list):
        items = [_mapping(item, key) for item in node.value]
        return Node(node.line, items, key_line=node.key_line)
    return node


def _mapping(item: Node, key: str) -> Node:
    return Node(item.line, {key: item}) if isinstance(item.value, str) else item
