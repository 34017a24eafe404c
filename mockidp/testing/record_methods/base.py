"""The operations behind the test methods for records of all types."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, TypeVar

from mockidp.resources.record import Record
from mockidp.resources.resource_type import ResourceType

R = TypeVar("R", bound=Record)


class RecordMethodsBase(ABC):
    """Add, get, list, patch and remove records of a type."""

    @abstractmethod
    def _add_record(
        self, kind: ResourceType[R], name: str | None, fields: Mapping[str, Any], /
    ) -> R:
        """Add a record, or replace it."""

    @abstractmethod
    def _get_record(self, kind: ResourceType[R], name: str, /) -> R:
        """Return a record."""

    @abstractmethod
    def _list_records(self, kind: ResourceType[R], /) -> list[R]:
        """Return all records."""

    @abstractmethod
    def _patch_record(self, kind: ResourceType[R], name: str, fields: Mapping[str, Any], /) -> R:
        """Change some fields of a record."""

    @abstractmethod
    def _remove_record(self, kind: ResourceType[Any], name: str, /) -> None:
        """Remove a record."""
