"""Read records, by the shape of their class.

Nothing is coerced: a string is not a list, "no" is not a boolean and "5" is not a number. A source
is a `Node`, which knows its line, or plain data.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from mockidp.codec.dialect import FILE, Dialect
from mockidp.codec.explicit import EXPLICIT, explicit_fields
from mockidp.codec.kind import (
    Anything,
    Choice,
    Kind,
    ListOf,
    MappingOf,
    Nullable,
    RecordOf,
    Scalar,
)
from mockidp.codec.mistakes import (
    REQUIRED,
    UNKNOWN_KEY,
    Path,
    describe,
    show_kind_of_path,
    show_path,
)
from mockidp.codec.node import line_of, line_of_entry, plain_of, value_of
from mockidp.codec.placeholders import unresolved_placeholder
from mockidp.codec.report import Report
from mockidp.codec.shape import EXTRA, FieldShape, Shape, shape_of
from mockidp.resources.rules import Check, Expected, Rules
from mockidp.resources.unsupported import differences, has_cosmetic

UNUSABLE = object()
"""Stands for a value that could not be read; the mistake is in the report."""

_STRING = Scalar(str)
_SCALARS: Mapping[type, tuple[tuple[type, ...], str, str]] = {
    str: ((str,), "a string", "strings"),
    bool: ((bool,), "true or false", "booleans"),
    int: ((int,), "a whole number", "whole numbers"),
    float: ((int, float), "a number", "numbers"),
}


class Reader:
    """Make records from sources. All mistakes are added to the report."""

    def __init__(self, report: Report, rules: Rules | None = None, dialect: Dialect = FILE) -> None:
        self.report = report
        self._rules = rules or Rules()
        self._dialect = dialect
        self._methods: Mapping[type[Kind], Callable[[Any, Any, Path], Any]] = {
            Scalar: self._read_scalar,
            Choice: self._read_choice,
            ListOf: self._read_list,
            MappingOf: self._read_mapping,
            RecordOf: lambda source, kind, path: self.read_record(source, kind.cls, path),
            Anything: lambda source, _kind, _path: plain_of(source),
        }

    def read(self, source: Any, kind: Kind, path: Path) -> Any:
        """Return the value that a source has, or UNUSABLE."""
        value = value_of(source)
        if isinstance(kind, Nullable):
            if value is None:
                return None
            kind = kind.inner
        if self._dialect.has_placeholders and self._is_placeholder(source, value, path):
            return UNUSABLE
        return self._methods[type(kind)](source, kind, path)

    def read_record(self, source: Any, cls: Any, path: Path) -> Any:
        """Return the dataclass that a mapping describes, or UNUSABLE."""
        entries = value_of(source)
        shape, values, has_unknown = shape_of(cls), dict[str, Any](), False
        if not isinstance(entries, dict):
            names = " and ".join(one.name for one in shape.required)
            with_names = f" with {names}" if names and self._dialect is FILE else ""
            return self._refuse(source, path, Expected(f"a mapping{with_names}"))
        for key, child in entries.items():
            one = shape.fields.get(key)
            if one is None:
                has_unknown |= not self._takes_other_key(child, shape, (*path, key))
            elif not self._is_absent(child, one, shape, path):
                values[one.attribute] = self.read_field(child, cls, one, (*path, key))
        if not shape.differing.isdisjoint(entries):
            self._note_differences(entries, shape, path)
        if shape.has_extra:
            values |= self._read_rest(entries, values, shape)
        self._check_required(source, shape, values, path)
        if UNUSABLE in values.values():
            return UNUSABLE
        made = cls(**values)
        # An unknown key may be a misspelling of one without which the others make no sense.
        return made if has_unknown else self._check_record(source, entries, made, path)

    def _read_rest(
        self, entries: Mapping[str, Any], values: Mapping[str, Any], shape: Shape
    ) -> dict[str, Any]:
        """Return the attributes of a record that are not fields of a tenant file."""
        extra = {key: plain_of(one) for key, one in entries.items() if key not in shape.fields}
        if shape.is_record and self._dialect is FILE:
            return {EXTRA: extra, EXPLICIT: explicit_fields(entries, values, shape)}
        return {EXTRA: extra}

    def read_field(self, source: Any, cls: type, one: FieldShape, path: Path) -> Any:
        """Return the value of a field, checked by its rule, or UNUSABLE."""
        if one.is_endless and value_of(source) is None:
            return math.inf
        full = _written_out(source, one)
        value = self.read(full, one.kind, path)
        check = self._rules.fields.get((cls, one.attribute))
        if check and value is not UNUSABLE:
            self._check_value(full, value, check, path)
        return value

    def _is_absent(self, source: Any, one: FieldShape, shape: Shape, path: Path) -> bool:
        """Return whether null means that a field, or a section of an export, is absent."""
        if value_of(source) is not None:
            return False
        is_unset = shape.is_record and not one.is_required
        return is_unset or (not path and self.report.leniency.skips_empty_sections)

    def _check_record(self, source: Any, entries: Mapping[str, Any], made: Any, path: Path) -> Any:
        """Check the fields of a record against each other."""
        for one in self._rules.check_record(made):
            line = line_of_entry(entries.get(one.field, source))
            self.report.refuse(line, (*path, one.field), found=one.found, expected=one.expected)
        return made

    def _note_differences(self, entries: Mapping[str, Any], shape: Shape, path: Path) -> None:
        """Report fields that make Auth0 answer differently, once for all entries of a list."""
        relevant = shape.differing | shape.switches
        values = {key: plain_of(one) for key, one in entries.items() if key in relevant}
        for name, text in differences(shape.differs, values):
            self.report.differs[show_kind_of_path((*path, name))] = text

    def _check_value(self, source: Any, value: Any, check: Check, path: Path) -> None:
        if isinstance(value, tuple):
            items = zip(value_of(source), value, strict=True)
            for index, (item_source, item) in enumerate(items):
                self._check_value(item_source, item, check, (*path, index))
        elif value is not None and (wrong := check(value)):
            if wrong.is_kept and self.report.leniency.accepts_url(value):
                text = f"{value!r} never matches: expected {wrong.text}"
                self.report.add_note(line_of(source), path, text, name=value)
            else:
                self._refuse(source, path, wrong)

    def _takes_other_key(self, source: Any, shape: Shape, path: Path) -> bool:
        """Report a key that has no field; return whether it is accepted."""
        key = str(path[-1])
        if key in shape.kept or shape.keeps_anything:
            if key not in shape.kept or has_cosmetic(shape.differs, key, plain_of(source)):
                self.report.not_acted_on[show_kind_of_path(path)] = None
            return True
        accepts_key = self.report.leniency.accepts_key
        near = None
        if not self.report.is_full or accepts_key(path, None):  # else it is only counted
            known = (*shape.fields, *shape.kept)
            near = shape.other_names.get(key.lower()) or self.report.suggest(
                key, known, kind=show_kind_of_path(path[:-1])
            )
        if accepts_key(path, near):
            self.report.note_unknown_key(line_of_entry(source), path)
            return True
        self.report.refuse(
            line_of_entry(source),
            path,
            found=UNKNOWN_KEY,
            expected=_expected_key(shape),
            suggestion=near,
        )
        return False

    def _check_required(
        self, source: Any, shape: Shape, values: dict[str, Any], path: Path
    ) -> None:
        for one in shape.required:
            if one.attribute not in values:
                values[one.attribute] = UNUSABLE
                expected = f"{REQUIRED}{one.name} is required"
                place = (*path, one.name)
                self.report.refuse(line_of(source), place, found="nothing", expected=expected)

    def _read_list(self, source: Any, kind: ListOf, path: Path) -> Any:
        value = value_of(source)
        if not isinstance(value, list):
            return self._refuse(source, path, Expected(f"a list of {_plural(kind.item)}"))
        values = tuple([self.read(one, kind.item, (*path, i)) for i, one in enumerate(value)])
        return UNUSABLE if UNUSABLE in values else values

    def _read_choice(self, source: Any, kind: Choice, path: Path) -> Any:
        value, words = value_of(source), kind.words
        if isinstance(value, str) and value in words:
            return value
        expected = "one of " + ", ".join(words) if len(words) > 1 else words[0]
        word = value if isinstance(value, str) else ""
        near = self.report.suggest(word, words, kind=expected)
        return self._refuse(source, path, Expected(expected, near))

    def _read_scalar(self, source: Any, kind: Scalar, path: Path) -> Any:
        value = value_of(source)
        types, expected, _ = _SCALARS[kind.type]
        most = self._dialect.max_number
        if most is not None and kind.type in (int, float):
            expected = f"{expected} up to {most}"
        is_wrong_bool = isinstance(value, bool) and kind.type is not bool
        if is_wrong_bool or not isinstance(value, types):
            return self._refuse(source, path, Expected(expected))
        if most is None:
            return value
        is_portable = _is_portable(value, most)
        return kind.type(value) if is_portable else self._refuse(source, path, Expected(expected))

    def _read_mapping(self, source: Any, kind: MappingOf, path: Path) -> Any:
        value = value_of(source)
        if not isinstance(value, dict):
            return self._refuse(source, path, Expected("a mapping"))
        if isinstance(kind.value, Anything):
            return plain_of(source)
        read = {
            self.read(key, _STRING, path): self.read(one, kind.value, (*path, key))
            for key, one in value.items()
        }
        return UNUSABLE if UNUSABLE in (*read, *read.values()) else read

    def _is_placeholder(self, source: Any, value: Any, path: Path) -> bool:
        name = unresolved_placeholder(value) if isinstance(value, str) else None
        if name is None:
            return False
        self.report.refuse(
            line_of(source),
            path,
            found=f"the placeholder {value!r} without a value",
            expected=f"--placeholder {name}=...",
        )
        return True

    def _refuse(self, source: Any, path: Path, expected: Expected) -> object:
        found = describe(value_of(source), show_path(path))
        line = line_of_entry(source)
        self.report.refuse(
            line, path, found=found, expected=expected.text, suggestion=expected.suggestion
        )
        return UNUSABLE


def _written_out(source: Any, one: FieldShape) -> Any:
    """Return the source of a field that may be abbreviated, in full."""
    value = value_of(source)
    if one.one_or_more and isinstance(value, str):
        return [source]
    if one.string_of and isinstance(value, list):
        return [
            {one.string_of: item} if isinstance(value_of(item), str) else item for item in value
        ]
    return source


def _is_portable(value: Any, most: int) -> bool:
    """Return whether every JSON parser reads a scalar as the same value."""
    if isinstance(value, str):
        return not any("\ud800" <= one <= "\udfff" for one in value)
    return bool(abs(value) <= most)  # false for numbers that are not finite, too


def _plural(kind: Kind) -> str:
    match kind:
        case Choice():
            return "strings"
        case Scalar(type=name):
            return _SCALARS[name][2]
    return "mappings"


def _expected_key(shape: Shape) -> str:
    """Describe the keys of a mapping, in the report of another key."""
    if shape.kept:
        return "a key that Auth0 or mockidp knows"
    return "one of " + ", ".join(shape.fields) if shape.fields else "an empty object"
