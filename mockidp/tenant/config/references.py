"""References between the records of a tenant file.

Users are written by hand, so the records that they refer to must exist. Everything else may come
from a partial export, which refers to clients, APIs and databases that it does not contain. The
leniency of the report decides which of these names are accepted with a note.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockidp.codec.node import Node
from mockidp.codec.report import Report
from mockidp.resources.registry import TYPES
from mockidp.resources.resource_type import Reference
from mockidp.tenant.config.names import Names
from mockidp.tenant.config.place import Place
from mockidp.tenant.content.document import Configuration
from mockidp.tenant.directory import OWN_PATHS, Directory


class References:
    """Check the references of a file. Mistakes and notes go to the report.

    Args:
        root: The file.
        report: Receives mistakes and notes.
        tenant: The tenant that the file changes; by default the file is complete.
    """

    def __init__(self, root: Node, report: Report, tenant: Directory | None = None) -> None:
        self._root = Place(root, ())
        self._report = report
        self._names = Names(self._root, tenant)
        settings = self._root.get("mockidp") or self._root
        own = None if tenant is None else tenant.settings
        self._any_client = own.accept_any_client if own else settings.is_true("accept_any_client")
        self._any_api = own.accept_any_audience if own else settings.is_true("accept_any_audience")

    def check(self) -> None:
        """Check all references."""
        for one in Configuration.REFERENCES:
            if one.to == "connections":
                self._check_directory(one)
            else:
                self._check(self._root, one)
        for kind in TYPES:
            for section in kind.sections:
                for entry in self._root.items(section):
                    for one in kind.references:
                        self._check(entry, one)

    def _check(self, entry: Place, reference: Reference) -> None:
        """Check a reference in an entry of the file."""
        if reference.to == "clients" and self._any_client:
            return
        way, _, last = reference.path.rpartition(".")
        for holder in _places(entry, way.split(".") if way else []):
            for place in _places(holder, [last]):
                if self._check_name(place, reference) and reference.scopes:
                    self._check_scopes(holder, place.text, reference)

    def _check_name(self, place: Place, reference: Reference) -> bool:
        """Check a name. Return whether the record is known."""
        if not place.text:
            return False
        to, by_key = reference.to, reference.by_key
        if to == "apis" and (self._any_api or place.text.endswith(OWN_PATHS)):
            return False
        if self._names.has(to, place.text, by_key=by_key):
            return True
        near = self._report.suggest(
            place.text, self._names.known(to, by_key=by_key), kind=reference.expected
        )
        self._refuse(place, reference.expected, near, is_strict=reference.is_strict)
        return False

    def _check_scopes(self, holder: Place, audience: str, reference: Reference) -> None:
        known = self._names.scopes(audience)
        for place in _places(holder, [reference.scopes]):
            if place.text and place.text not in known:
                expected = f"a scope that {audience} defines"
                near = self._report.suggest(place.text, known, kind=expected)
                self._refuse(place, expected, near, is_strict=reference.is_strict)

    def _check_directory(self, reference: Reference) -> None:
        """Check a connection. A database that only this setting names does not count."""
        known = self._names.directories()
        for place in _places(self._root, reference.path.split(".")):
            if place.text and place.text not in known:
                near = self._report.suggest(place.text, known, kind=reference.expected)
                self._refuse(place, reference.expected, near, is_strict=False)

    def _refuse(self, place: Place, expected: str, near: str | None, *, is_strict: bool) -> None:
        """Report an unknown name: as a note if the leniency accepts it, else as a mistake.

        A value that already has a mistake is of the wrong type: a name in place of a list of names.
        """
        if any(one.steps == place.path for one in self._report.mistakes):
            return
        if is_strict or not self._report.leniency.accepts_name(place.text, near):
            self._report.refuse(
                place.node.line,
                place.path,
                found=f"the string {place.text!r}",
                expected=expected,
                suggestion=near,
            )
            return
        suggestion = f"; did you mean {near}?" if near else ""
        text = f"{place.text!r} is not {expected} in this tenant{suggestion}"
        self._report.add_note(place.node.line, place.path, text, name=place.text)


def _places(place: Place, path: list[str]) -> Iterator[Place]:
    """Yield the places at a path. In a list, the path continues in every item."""
    if not path:
        yield place
        return
    head, *rest = path
    held = place.get(head)
    if held is None:
        return
    for one in place.items(head) if isinstance(held.node.value, list) else (held,):
        yield from _places(one, rest)
