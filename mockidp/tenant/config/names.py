"""The names that references in a tenant file may use."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from mockidp.resources.connection import DEFAULT_CONNECTION
from mockidp.resources.registry import type_of
from mockidp.resources.resource_type import ResourceType, spread_names
from mockidp.tenant.config.databases import connection_names, database_of_users
from mockidp.tenant.config.place import Place
from mockidp.tenant.directory import Directory


class Names:
    """The names in a file, and in the tenant that the file changes.

    Args:
        root: The file.
        tenant: The tenant, if the file contains only records that are added to it.
    """

    def __init__(self, root: Place, tenant: Directory | None = None) -> None:
        self._root = root
        self._tenant = tenant
        self._found: dict[tuple[str, bool], dict[str, None]] = {}
        self._scopes: dict[str, dict[str, None]] | None = None

    def has(self, plural: str, name: str, *, by_key: bool = False) -> bool:
        """Return whether a name is known."""
        if name in self._in_file(plural, by_key=by_key):
            return True
        tenant = self._tenant
        if tenant is None:
            return False
        if plural == "connections":
            return tenant.connection(name) is not None
        return tenant.records[plural].has_name(name, by_key=by_key)

    def known(self, plural: str, *, by_key: bool = False) -> Collection[str]:
        """Return all names. Meant for suggestions, because it reads all records."""
        names = dict(self._in_file(plural, by_key=by_key))
        if self._tenant is not None:
            names |= self._tenant.records[plural].names()
        return names

    def scopes(self, audience: str) -> Collection[str]:
        """Return the scopes of a known API."""
        if self._scopes is None:
            self._scopes = {
                api.text_of("identifier"): dict.fromkeys(
                    scope.text or scope.text_of("value") for scope in api.items("scopes")
                )
                for api in self._root.items("resourceServers")
            }
        if audience in self._scopes or self._tenant is None:
            return self._scopes[audience]
        return self._tenant.apis[audience].scope_values

    def directories(self) -> Collection[str]:
        """Return the names that `default_directory` may have."""
        databases, others = connection_names(self._root)
        own = () if self._tenant is None else self._tenant.connections
        return {*(databases or own or (DEFAULT_CONNECTION,)), *others, *own}

    def _in_file(self, plural: str, *, by_key: bool) -> dict[str, None]:
        found = self._found.get((plural, by_key))
        if found is None:
            names = dict.fromkeys(self._read(type_of(plural), by_key=by_key))
            found = self._found[plural, by_key] = names
        return found

    def _read(self, kind: ResourceType[Any], *, by_key: bool) -> Iterator[str]:
        fields = (kind.key,) if by_key else kind.names or (kind.key,)
        entries = (one for section in kind.sections for one in self._root.items(section))
        texts = (text for one in entries for name in fields if (text := one.text_of(name)))
        yield from spread_names(texts) if kind.has_prefixed_names and not by_key else texts
        if kind.plural == "connections" and self._tenant is None:
            databases, _ = connection_names(self._root)
            if not databases and (made_up := database_of_users(self._root)):
                yield made_up
