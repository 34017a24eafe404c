"""The records of all types of resources: list, add, get, patch, delete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mockidp.codec.kind import bare
from mockidp.codec.schema import Schemas
from mockidp.codec.shape import shape_of
from mockidp.codec.write import to_file
from mockidp.frozen import frozen
from mockidp.protocol.errors.problem import Problem
from mockidp.resources.registry import TYPES
from mockidp.resources.resource_type import ResourceType
from mockidp.testing import records
from mockidp.testing.records import ChangedKeyError, UnknownRecordError
from mockidp.web.control.operation import ControlCall, ControlOperation


@frozen(kw_only=False)
class Collection:
    """The operations for the records of one type."""

    kind: ResourceType[Any]

    def list(self, call: ControlCall) -> Any:
        """Return all records."""
        return [to_file(one) for one in records.records_of(call.tenant, self.kind).values()]

    def get(self, call: ControlCall) -> Any:
        """Return a record."""
        return to_file(self._find(call))

    def add(self, call: ControlCall) -> Any:
        """Add a record, or replace it."""
        fields = dict(call.body)
        name = fields.pop(self.kind.key, None)
        is_generated = name is None and bool(self.kind.identity)
        if not is_generated and (not isinstance(name, str) or not name):
            pointer, expected = f"/{self.kind.key}", "expected a non-empty string"
            mistake = {"pointer": pointer, "detail": expected}
            raise Problem(400, f"{pointer}: {expected}", mistakes=[mistake])
        return to_file(records.add(call.tenant, self.kind, name, fields))

    def patch(self, call: ControlCall) -> Any:
        """Change some fields of a record."""
        self._find(call)
        try:
            return to_file(records.patch(call.tenant, self.kind, call.id, call.body))
        except ChangedKeyError as error:
            mistake = {"pointer": f"/{self.kind.key}", "detail": error.expected}
            text = f"The {self.kind.key} of {self.kind.with_article} cannot be changed."
            raise Problem(400, text, mistakes=[mistake]) from None

    def delete(self, call: ControlCall) -> None:
        """Delete a record and everything that depends on it."""
        self._find(call)
        records.remove(call.tenant, self.kind, call.id)

    def _find(self, call: ControlCall) -> Any:
        try:
            return records.find(call.tenant, self.kind, call.id)
        except UnknownRecordError as error:
            raise Problem(404, str(error)) from None

    def operations(self) -> Iterator[ControlOperation]:
        """Yield the operations."""
        kind, name, path = self.kind, self.kind.class_name, self.kind.path
        a_record, by = self.kind.with_article, f"by {kind.key}"
        by += " or id" if kind.id_prefix and kind.key != "id" else ""
        yield ControlOperation(
            name=f"list{name}s",
            method="GET",
            path=path,
            summary=f"List all {kind.words_plural}.",
            handler=self.list,
            answer=list[kind.record],  # type: ignore[name-defined]  # for the document alone
        )
        yield ControlOperation(
            name=f"add{name}",
            method="POST",
            path=path,
            summary=f"Add {a_record}, or replace the one with the same {kind.key}.",
            handler=self.add,
            body=kind.record,
            structured=False,
            also=_python_names(kind),
            answer=kind.record,
        )
        yield ControlOperation(
            name=f"get{name}",
            method="GET",
            path=path + "/{id}",
            summary=f"Get {a_record}, {by}.",
            handler=self.get,
            answer=kind.record,
        )
        yield ControlOperation(
            name=f"patch{name}",
            method="PATCH",
            path=path + "/{id}",
            summary=f"Change some fields of {a_record} (RFC 7396). Lists are replaced.",
            handler=self.patch,
            body=Mapping,
            answer=kind.record,
        )
        yield ControlOperation(
            name=f"remove{name}",
            method="DELETE",
            path=path + "/{id}",
            summary=f"Remove {a_record} and what refers to it, as in Auth0.",
            handler=self.delete,
            status=204,
        )


def _python_names(kind: ResourceType[Any]) -> Mapping[str, Any] | None:
    """Return the schemas of fields that have another name in Python, under that name."""
    other = [one for one in shape_of(kind.record).fields.values() if one.attribute != one.name]
    schemas = Schemas()
    return {
        one.attribute: {
            **schemas.of_kind(bare(one.kind)),
            "description": f"The same as `{one.name}`.",
        }
        for one in other
    } or None


def operations() -> Iterator[ControlOperation]:
    """Yield the operations for all registered types."""
    for kind in TYPES:
        yield from Collection(kind).operations()
