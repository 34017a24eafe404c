"""Test methods for records, over the control API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from mockidp.clients.remote.control_client import ControlClient, Refused, escaped
from mockidp.codec.node import node_of
from mockidp.resources.record import Record
from mockidp.resources.resource_type import ResourceType
from mockidp.tenant.config.plain import structure_record
from mockidp.testing.record_methods import RecordMethods

R = TypeVar("R", bound=Record)


class RemoteRecords(RecordMethods):
    """Each method is one call."""

    _control: ControlClient

    def _add_record(
        self, kind: ResourceType[R], name: str | None, fields: Mapping[str, Any], /
    ) -> R:
        if name is None:
            return self._send("POST", kind.path, kind, fields, kind.title)
        source = f"{kind.title} {kind.make_key(name)!r}"
        return self._send("POST", kind.path, kind, {**fields, kind.key: name}, source)

    def _get_record(self, kind: ResourceType[R], name: str, /) -> R:
        return structure_record(kind.record, self._control.get(_path(kind, name)), source=kind.path)

    def _list_records(self, kind: ResourceType[R], /) -> list[R]:
        items = self._control.get(kind.path)["items"]
        return [structure_record(kind.record, one, source=kind.path) for one in items]

    def _patch_record(self, kind: ResourceType[R], name: str, fields: Mapping[str, Any], /) -> R:
        source = f"{kind.title} {kind.make_key(name)!r}"
        return self._send("PATCH", _path(kind, name), kind, fields, source)

    def _remove_record(self, kind: ResourceType[Any], name: str, /) -> None:
        self._control.call("DELETE", _path(kind, name))

    def _send(
        self,
        method: str,
        path: str,
        kind: ResourceType[R],
        fields: Mapping[str, Any],
        source: str,
    ) -> R:
        node_of(fields, source)  # raises an error if a value has no JSON form
        try:
            changed = self._control.call(method, path, fields)
        except Refused as refused:
            raise refused.about(source) from None
        return structure_record(kind.record, changed, source=path)


def _path(kind: ResourceType[Any], name: str) -> str:
    return f"{kind.path}/{escaped(kind.make_key(name))}"
