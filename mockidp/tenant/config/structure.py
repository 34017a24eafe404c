"""Nodes into records, by the records' own type hints; every mistake is noted, none is raised.

Nothing is coerced: a text is no list, "no" is no boolean and "5" is no number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import Field, dataclass, field, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from mockidp.resources.unsupported import differences, has_cosmetic
from mockidp.tenant.config.leniency import BY_HAND, Leniency
from mockidp.tenant.config.mistakes import (
    MAX_MISTAKES,
    MAX_SUGGESTIONS,
    Mistake,
    Path,
    describe,
    nearest,
    show_kind_of_path,
    show_path,
)
from mockidp.tenant.config.node import Node
from mockidp.tenant.config.notes import Note
from mockidp.tenant.config.origin import Origin, locate
from mockidp.tenant.config.placeholders import unresolved_placeholder
from mockidp.tenant.config.shape import Shape, is_required, says_nothing, shape_of, written_out
from mockidp.tenant.config.values import (
    CHECKS,
    Check,
    check_client_url,
    check_origin,
    check_url,
    check_whole,
    never_matches,
)

_URL_LISTS = (check_url, check_client_url, check_origin)
"""The checks of lists in which an export may have entries that never match."""

UNUSABLE = object()
"""Stands for a value that could not be read; the mistake has been noted."""

_KINDS: dict[Any, tuple[tuple[type, ...], str, str]] = {
    str: ((str,), "a text", "texts"),
    bool: ((bool,), "true or false", "booleans"),
    int: ((int,), "a whole number", "whole numbers"),
    float: ((int, float), "a number", "numbers"),
}


@dataclass(slots=True)
class Structurer:
    """Makes records from nodes and remembers what was wrong and what will not be acted on."""

    source: str
    leniency: Leniency = BY_HAND
    origins: Mapping[Path, Origin] = field(default_factory=dict)
    """Where parts of the tenant come from if that is not `source`."""
    mistakes: list[Mistake] = field(default_factory=list)
    not_acted_on: dict[str, None] = field(default_factory=dict)
    """The paths of what is not acted on and changes no answer of Auth0's."""
    differs: dict[str, str] = field(default_factory=dict)
    """The paths of what is not acted on although Auth0's answers depend on it, and how."""
    notes: list[Note] = field(default_factory=list)
    more: int = 0
    """How many mistakes were found beyond those that are kept."""
    _unknown: set[str] = field(default_factory=set)
    _searches: int = 0

    def note(
        self, line: int, path: Path, *, found: str, expected: str, suggestion: str | None = None
    ) -> None:
        """Remember a mistake, or only count it; line 0 is none."""
        if len(self.mistakes) >= MAX_MISTAKES:
            self.more += 1
            return
        file, inner = locate(path, self.source, self.origins)
        self.mistakes.append(
            Mistake(
                file=file,
                line=line or None,
                path=show_path(inner),
                steps=path,
                found=found,
                expected=expected,
                suggestion=suggestion,
            )
        )

    def suggest(self, word: str, known: Iterable[str]) -> str | None:
        """Return the known name that resembles a word most, for the first words that ask."""
        self._searches += 1
        return nearest(word, known) if self._searches <= MAX_SUGGESTIONS else None

    def file_of(self, path: Path) -> str:
        """Return the file that a value comes from."""
        return locate(path, self.source, self.origins)[0]

    def add_note(self, line: int, path: Path, text: str, *, name: str = "") -> None:
        """Add a note about a value that is not a mistake; line 0 means that there is none."""
        file, inner = locate(path, self.source, self.origins)
        place = show_path(inner)
        self.notes.append(Note(file=file, line=line or None, path=place, text=text, name=name))

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
        if kind is Any:
            return node.plain()
        return self._read_mapping(node, path)

    def read_record(self, node: Node, cls: Any, path: Path) -> Any:
        """Return a dataclass made from a mapping, or UNUSABLE."""
        if not isinstance(node.value, dict):
            return self._refuse(node, path, "a mapping")
        shape, values, has_unknown = shape_of(cls), {}, False
        for key, child in node.value.items():
            if key not in shape.fields:
                has_unknown |= not self._takes_other_key(child, shape, (*path, key))
            elif not self._is_skipped(child, shape.fields[key][0], shape, path):
                one, kind = shape.fields[key]
                check = CHECKS.get((cls, one.name))
                full = written_out(child, one)
                values[one.name] = self.read_checked(full, kind, check, (*path, key))
        self._note_differences(node.value, shape, path)
        if shape.is_record:
            values["extra"] = {
                key: child.plain() for key, child in node.value.items() if key not in shape.fields
            }
        self._check_all_there(node, shape, values, path)
        if any(one is UNUSABLE for one in values.values()):
            return UNUSABLE
        made = cls(**values)
        # A key that nobody knows may be the one without which the others say nothing.
        return made if has_unknown else self._checked_whole(node, node.value, made, path)

    def _is_skipped(self, node: Node, one: Field[Any], shape: Shape, path: Path) -> bool:
        """Return whether null means that a field, or a section of an export, is absent."""
        is_empty_section = not path and node.value is None
        return says_nothing(node, one, shape) or (
            is_empty_section and self.leniency.skips_empty_sections
        )

    def _checked_whole(self, node: Node, entries: dict[str, Node], made: Any, path: Path) -> Any:
        """Check what the entries of a record say together."""
        for one in check_whole(made):
            line = entries.get(one.field, node).line_of_entry
            self.note(line, (*path, one.field), found=one.found, expected=one.expected)
        return made

    def _note_differences(self, entries: dict[str, Node], shape: Shape, path: Path) -> None:
        """Remember what makes Auth0 answer differently, once for all entries of a list."""
        named = (*shape.differs, *(one.switch for one in shape.differs.values()))
        heads = {name.partition(".")[0] for name in named}
        values = {key: node.plain() for key, node in entries.items() if key in heads}
        for name, text in differences(shape.differs, values):
            self.differs[show_kind_of_path((*path, name))] = text

    def read_checked(self, node: Node, kind: Any, check: Check | None, path: Path) -> Any:
        """Return the value that a node has, checked beyond its type, or UNUSABLE."""
        value = self.read(node, kind, path)
        if check and value is not UNUSABLE:
            self._check_value(node, check, path)
        return value

    def _check_value(self, node: Node, check: Check, path: Path) -> None:
        if isinstance(node.value, list):
            for index, item in enumerate(node.value):
                self._check_value(item, check, (*path, index))
        elif node.value is not None and (wrong := check(node.value)):
            if check in _URL_LISTS and self._keeps_url(str(node.value)):
                text = f"{node.value!r} never matches: expected {wrong[0]}"
                self.add_note(node.line, path, text, name=str(node.value))
            else:
                self._refuse(node, path, *wrong)

    def _keeps_url(self, url: str) -> bool:
        return never_matches(url) and self.leniency.accepts_url(url)

    def _takes_other_key(self, node: Node, shape: Shape, path: Path) -> bool:
        """Keep what Auth0 knows; tell whether that was so."""
        key = str(path[-1])
        if key in shape.kept or shape.keeps_anything:
            if key not in shape.kept or has_cosmetic(shape.differs, key, node.plain()):
                self.not_acted_on[show_kind_of_path(path)] = None
            return True
        near = self.suggest(key, (*shape.fields, *shape.kept))
        if self.leniency.accepts_key(path, near):
            self._note_unknown(node, path)
            return True
        self.note(
            node.line_of_entry,
            path,
            found="an unknown key",
            expected="one that Auth0 or mockidp knows"
            if shape.kept
            else "one of " + ", ".join(shape.fields),
            suggestion=near,
        )
        return False

    def _note_unknown(self, node: Node, path: Path) -> None:
        """Add a note about an unknown key, once for all entries of a list."""
        kind = show_kind_of_path(path)
        if kind not in self._unknown:
            self._unknown.add(kind)
            text = "not known to mockidp, and not acted on"
            self.add_note(node.line_of_entry, path, text, name=str(path[-1]))

    def _check_all_there(
        self, node: Node, shape: Shape, values: dict[str, Any], path: Path
    ) -> None:
        for name, (one, _) in shape.fields.items():
            if one.name not in values and is_required(one):
                values[one.name] = UNUSABLE
                self.note(
                    node.line,
                    (*path, name),
                    found="nothing",
                    expected=f"a value: {name} is required",
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
        return self._refuse(node, path, expected, self.suggest(word, choices))

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
    if get_origin(kind) is Literal:
        return "texts"
    return _KINDS[kind][2] if kind in _KINDS else "mappings"
