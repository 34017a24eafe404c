"""Test methods for records, on the tenant in this process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from mockidp.resources.record import Record
from mockidp.resources.resource_type import ResourceType
from mockidp.tenant.tenant import Tenant
from mockidp.testing import records
from mockidp.testing.record_methods import RecordMethods

R = TypeVar("R", bound=Record)


class LocalRecords(RecordMethods):
    """The methods for records, applied to the tenant itself."""

    tenant: Tenant

    def _add_record(
        self, kind: ResourceType[R], name: str | None, fields: Mapping[str, Any], /
    ) -> R:
        return records.add(self.tenant, kind, name, fields)

    def _get_record(self, kind: ResourceType[R], name: str, /) -> R:
        return records.find(self.tenant, kind, kind.make_key(name))

    def _list_records(self, kind: ResourceType[R], /) -> list[R]:
        return list(records.records_of(self.tenant, kind).values())

    def _patch_record(self, kind: ResourceType[R], name: str, fields: Mapping[str, Any], /) -> R:
        return records.patch(self.tenant, kind, kind.make_key(name), fields)

    def _remove_record(self, kind: ResourceType[Any], name: str, /) -> None:
        record = self._get_record(kind, name)
        records.remove(self.tenant, kind, kind.key_of(record))
