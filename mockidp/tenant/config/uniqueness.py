"""Values that may occur only once among the records of a tenant file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from mockidp.codec.node import Node
from mockidp.codec.report import Report
from mockidp.resources.connection import DEFAULT_CONNECTION
from mockidp.resources.registry import TYPES
from mockidp.resources.resource_type import ResourceType, login_key
from mockidp.tenant.config.place import Place
from mockidp.tenant.directory import Directory
from mockidp.tenant.state.records import LOGIN

_Value = tuple[Place, str, str]
"""An entry, the field with the value, and the value as it is compared."""
_Values = Callable[[], Iterable[_Value]]
"""Returns a new iterable at each call, so that the values of a large file are not kept."""


class Uniqueness:
    """Check the values of a file. Mistakes and notes go to the report.

    Args:
        root: The file.
        report: Receives mistakes and notes.
        tenant: The tenant that the file changes; by default the file is complete.
    """

    def __init__(self, root: Node, report: Report, tenant: Directory | None = None) -> None:
        self._root = Place(root, ())
        self._report = report
        self._tenant = tenant

    def check(self) -> None:
        """Check all types."""
        for kind in TYPES:
            for key in kind.unique:
                self._check(partial(self._values, kind, key), f"each {key} once")
            for key in () if self._report.leniency.accepts_repeated_names else kind.repeatable:
                values, expected = partial(self._values, kind, key), f"each {key} once"
                self._check(values, expected, is_repeatable=True)
                self._compare(kind, values, expected, is_repeatable=True)
            for key in kind.unique_logins:
                values, expected = (
                    partial(self._logins, kind, key),
                    f"each {key} once in a connection",
                )
                self._check(values, expected)
                self._compare(kind, values, expected, index=LOGIN)
        self._check_global_client()

    def _values(self, kind: ResourceType[Any], key: str) -> Iterator[_Value]:
        for section in kind.sections:
            for entry in self._root.items(section):
                yield entry, key, entry.text_of(key)

    def _logins(self, kind: ResourceType[Any], key: str) -> Iterator[_Value]:
        for entry, _, name in self._values(kind, key):
            connection = entry.text_of("connection") or DEFAULT_CONNECTION
            yield entry, key, login_key(connection, name) if name else ""

    def _check(self, values: _Values, expected: str, *, is_repeatable: bool = False) -> None:
        """Compare the values of a file with each other."""
        repeated = _repeated(value for _, _, value in values())
        firsts: dict[str, Place] = {}
        for entry, key, value in values() if repeated else ():
            place = entry.get(key) if value in repeated else None
            if place is None:
                continue
            if value in firsts:
                found = f"{place.text!r} again" + self._after(firsts[value], place)
                self._refuse(place, value, found, expected, is_repeatable=is_repeatable)
            firsts.setdefault(value, place)

    def _compare(
        self,
        kind: ResourceType[Any],
        values: _Values,
        expected: str,
        *,
        index: str = "",
        is_repeatable: bool = False,
    ) -> None:
        """Compare the values of a file with the records of the tenant that it changes."""
        if self._tenant is None:
            return
        records = self._tenant.records[kind.plural]
        for entry, key, value in values():
            place, own_key = entry.get(key), entry.text_of(kind.key)
            found = records.find(index, value) if index else records.named(value)
            held = records.get(own_key) if is_repeatable else None
            if held is not None and getattr(held, key) == value:
                continue
            others = (one for one in found if kind.key_of(one) != own_key)
            is_taken = any(index or getattr(one, key) == value for one in others)
            if place is not None and value and is_taken:
                text = f"{place.text!r} again"
                self._refuse(place, value, text, expected, is_repeatable=is_repeatable)

    def _refuse(
        self, place: Place, value: str, found: str, expected: str, *, is_repeatable: bool
    ) -> None:
        if is_repeatable and self._report.leniency.accepts_name(value, value):
            self._report.add_note(place.node.line, place.path, found, name=value)
        else:
            self._report.refuse(place.node.line, place.path, found=found, expected=expected)

    def _after(self, first: Place, place: Place) -> str:
        """Return a clause that says where the first of two equal values is."""
        file = self._report.file_of(first.path)
        if file != self._report.file_of(place.path):
            return f", after {file}"
        return f", after line {first.node.line}" if first.node.line else ""

    def _check_global_client(self) -> None:
        found = [one for one in self._root.items("clients") if one.is_true("global")]
        held = self._tenant.global_client if self._tenant else None
        is_another = held and any(one.text_of("client_id") != held.client_id for one in found)
        for client in found if is_another else found[1:]:
            place = client.get("global") or client
            self._report.refuse(
                place.node.line, place.path, found="a second global client", expected="at most one"
            )


def _repeated(values: Iterable[str]) -> set[str]:
    """Return the values that occur more than once."""
    seen: set[str] = set()
    repeated: set[str] = set()
    for one in values:
        (repeated if one in seen else seen).add(one)
    return repeated - {""}
