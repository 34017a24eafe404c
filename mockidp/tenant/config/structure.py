"""Nodes into records, by the records' own type hints; every mistake is noted, none is raised.

Nothing is coerced: a text is no list, "no" is no boolean and "5" is no number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from mockidp.protocol.record import Record
from mockidp.tenant.config.mistakes import Mistake, describe, nearest
from mockidp.tenant.config.placeholders import unresolved_placeholder
from mockidp.tenant.config.yaml_source import Node

Path = tuple[str | int, ...]

UNUSABLE = object()
"""Stands for a value that could not be read; the mistake has been noted."""

_KINDS: dict[Any, tuple[tuple[type, ...], str, str]] = {
    str: ((str,), "a text", "texts"),
    bool: ((bool,), "true or false", "booleans"),
    int: ((int,), "a whole number", "whole numbers"),
    float: ((int, float), "a number", "numbers"),
}


def show_path(path: Path) -> str:
    """Write a path as people do: `clients[0].callbacks`."""
    return "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in path
    ).removeprefix(".")


def show_kind_of_path(path: Path) -> str:
    """Write the path of all entries of the lists on its way: `clients[].callbacks`."""
    return "".join("[]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a file may say of a dataclass."""

    fields: Mapping[str, tuple[Field[Any], Any]]
    """By name in the file: the field and its type."""
    kept: frozenset[str]
    """Keys that Auth0 knows and the mock does not act on."""
    keeps_anything: bool
    is_record: bool


@cache
def shape_of(cls: type) -> Shape:
    """Return what a file may say of a dataclass, worked out once."""
    hints = get_type_hints(cls)
    is_record = issubclass(cls, Record)
    return Shape(
        fields={
            one.metadata.get("name", one.name): (one, hints[one.name])
            for one in fields(cls)
            if one.metadata.get("name", one.name) is not None
            and not (is_record and one.name == "extra")
        },
        kept=cls.NOT_ACTED_ON if issubclass(cls, Record) else frozenset(),
        keeps_anything=issubclass(cls, Record) and cls.KEEPS_ANYTHING,
        is_record=is_record,
    )


@dataclass(slots=True)
class Structurer:
    """Makes records from nodes and remembers what was wrong and what will not be acted on."""

    source: str
    mistakes: list[Mistake] = field(default_factory=list)
    not_acted_on: dict[str, None] = field(default_factory=dict)

    def note(
        self, line: int, path: Path, *, found: str, expected: str, suggestion: str | None = None
    ) -> None:
        """Remember a mistake."""
        self.mistakes.append(
            Mistake(
                file=self.source,
                line=line,
                path=show_path(path),
                found=found,
                expected=expected,
                suggestion=suggestion,
            )
        )

    def read(self, node: Node, kind: Any, path: Path) -> Any:
        """Return the value that a node has as one of a type, or UNUSABLE."""
        if get_origin(kind) in (Union, UnionType):
            if node.value is None:
                return None
            (kind,) = (one for one in get_args(kind) if one is not NoneType)
        if self._is_placeholder(node, path):
            return UNUSABLE
        if is_dataclass(kind) and isinstance(kind, type):
            return self.read_record(node, kind, path)
        return self._read_plain(node, kind, path)

    def _read_plain(self, node: Node, kind: Any, path: Path) -> Any:
        origin = get_origin(kind)
        if origin is tuple:
            return self._read_tuple(node, get_args(kind)[0], path)
        if origin is Literal:
            return self._read_choice(node, get_args(kind), path)
        if kind in _KINDS:
            return self._read_scalar(node, kind, path)
        return self._read_mapping(node, path)

    def read_record(self, node: Node, cls: Any, path: Path) -> Any:
        """Return a dataclass made from a mapping, or UNUSABLE."""
        if not isinstance(node.value, dict):
            return self._refuse(node, path, "a mapping")
        shape = shape_of(cls)
        values, extra = {}, {}
        for key, child in node.value.items():
            if key in shape.fields:
                one, kind = shape.fields[key]
                if self._says_nothing(child, one, shape):
                    continue
                values[one.name] = self.read(child, kind, (*path, key))
            elif key in shape.kept or shape.keeps_anything:
                extra[key] = child.plain()
                self.keep((*path, key))
            else:
                self._refuse_key(child, shape, (*path, key))
        if extra:
            values["extra"] = extra
        self._check_all_there(node, shape, values, path)
        if any(value is UNUSABLE for value in values.values()):
            return UNUSABLE
        return cls(**values)

    def keep(self, path: Path) -> None:
        """Remember that something is not acted on, once for all entries of a list."""
        self.not_acted_on[show_kind_of_path(path)] = None

    def _says_nothing(self, node: Node, one: Field[Any], shape: Shape) -> bool:
        """Tell whether null stands for "not set", as it does in Auth0's own resources."""
        has_default = one.default is not MISSING or one.default_factory is not MISSING
        return shape.is_record and node.value is None and has_default

    def _check_all_there(
        self, node: Node, shape: Shape, values: dict[str, Any], path: Path
    ) -> None:
        for name, (one, _) in shape.fields.items():
            if one.name not in values and one.default is MISSING and one.default_factory is MISSING:
                values[one.name] = UNUSABLE
                self.note(
                    node.line, (*path, name), found="nothing", expected="it, as it is required"
                )

    def _refuse_key(self, node: Node, shape: Shape, path: Path) -> None:
        known = (*shape.fields, *shape.kept)
        self.note(
            node.line_of_entry,
            path,
            found="an unknown key",
            expected="one that Auth0 or mockidp knows",
            suggestion=nearest(str(path[-1]), known),
        )

    def _read_tuple(self, node: Node, kind: Any, path: Path) -> Any:
        if not isinstance(node.value, list):
            return self._refuse(node, path, "a list of " + _plural(kind))
        values = [self.read(item, kind, (*path, i)) for i, item in enumerate(node.value)]
        return UNUSABLE if any(one is UNUSABLE for one in values) else tuple(values)

    def _read_choice(self, node: Node, choices: Sequence[str], path: Path) -> Any:
        if isinstance(node.value, str) and node.value in choices:
            return node.value
        word = node.value if isinstance(node.value, str) else ""
        expected = "one of " + ", ".join(choices) if len(choices) > 1 else choices[0]
        return self._refuse(node, path, expected, nearest(word, choices))

    def _read_scalar(self, node: Node, kind: Any, path: Path) -> Any:
        accepted, expected, _ = _KINDS[kind]
        is_wrong_bool = isinstance(node.value, bool) and kind is not bool
        if is_wrong_bool or not isinstance(node.value, accepted):
            return self._refuse(node, path, expected)
        return node.value

    def _read_mapping(self, node: Node, path: Path) -> Any:
        return (
            node.plain() if isinstance(node.value, dict) else self._refuse(node, path, "a mapping")
        )

    def _is_placeholder(self, node: Node, path: Path) -> bool:
        name = unresolved_placeholder(node.value) if isinstance(node.value, str) else None
        if name is None:
            return False
        self.note(
            node.line,
            path,
            found=f"the placeholder {node.value!r} without a value",
            expected=f"--placeholder {name}=...",
        )
        return True

    def _refuse(
        self, node: Node, path: Path, expected: str, suggestion: str | None = None
    ) -> object:
        found = describe(node.value, show_path(path))
        self.note(node.line_of_entry, path, found=found, expected=expected, suggestion=suggestion)
        return UNUSABLE


def _plural(kind: Any) -> str:
    return _KINDS[kind][2] if kind in _KINDS else "mappings"
