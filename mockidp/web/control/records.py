"""`/users`, `/clients`, `/apis`: what a tenant file would say, one entry at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mockidp.codec.write import to_file
from mockidp.protocol.problem import Problem
from mockidp.resources.client import Client
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant
from mockidp.testing import records
from mockidp.web.control.operation import Call, Operation


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """One kind of entry: what it is called, and how it is found, added and removed."""

    name: str
    record: type
    key: str
    held: Callable[[Tenant], Mapping[str, Any]]
    add: Callable[[Tenant, str, Mapping[str, Any]], Any]
    remove: Callable[[Tenant, str], bool]
    also: Mapping[str, Any] | None = None
    """What may be sent besides, or otherwise than it is answered, as JSON Schema."""

    @property
    def one(self) -> str:
        """The name of one entry."""
        return self.name.removesuffix("s")

    def all(self, call: Call) -> Any:
        """Return all entries."""
        return [to_file(entry) for entry in self.held(call.tenant).values()]

    def get(self, call: Call) -> Any:
        """Return one entry."""
        entry = self.held(call.tenant).get(call.id)
        if entry is None:
            raise self.unknown(call)
        return to_file(entry)

    def put(self, call: Call) -> Any:
        """Add an entry, or replace it."""
        fields = dict(call.body)
        name = fields.pop(self.key, None)
        if not isinstance(name, str) or not name:
            place, expected = f"/{self.key}", "expected a non-empty string"
            mistake = {"pointer": place, "detail": expected}
            raise Problem(400, f"{place}: {expected}", mistakes=[mistake])
        return to_file(self.add(call.tenant, name, fields))

    def delete(self, call: Call) -> None:
        """Remove an entry."""
        if not self.remove(call.tenant, call.id):
            raise self.unknown(call)

    def unknown(self, call: Call) -> Problem:
        """Return the refusal of an id that no entry has."""
        known = ", ".join(self.held(call.tenant)) or "none"
        return Problem(404, f"no {self.one} {call.id!r}; there are: {known}")

    @property
    def operations(self) -> Iterable[Operation]:
        """The calls: all, add or replace, one, remove."""
        title, path = self.one.capitalize(), f"/{self.name}"
        yield Operation(
            name=f"list{title}s",
            method="GET",
            path=path,
            summary=f"All {self.name}.",
            handler=self.all,
            answer=list[self.record],  # type: ignore[name-defined]  # for the document alone
        )
        yield Operation(
            name=f"add{title}",
            method="POST",
            path=path,
            summary=f"Add one of the {self.name}, or replace the one that has its {self.key}.",
            handler=self.put,
            body=self.record,
            structured=False,
            also=self.also,
            answer=self.record,
        )
        yield Operation(
            name=f"get{title}",
            method="GET",
            path=path + "/{id}",
            summary=f"One of the {self.name}, by {self.key}.",
            handler=self.get,
            answer=self.record,
        )
        yield Operation(
            name=f"delete{title}",
            method="DELETE",
            path=path + "/{id}",
            summary=f"Remove one of the {self.name}.",
            handler=self.delete,
            status=204,
        )


_CLIENTS = Section(
    name="clients",
    record=Client,
    key="client_id",
    held=lambda tenant: tenant.directory.clients,
    add=records.add_client,
    remove=records.remove_client,
    also={"is_global": {"type": "boolean", "description": "The same as `global`."}},
)
SECTIONS = (
    Section(
        name="users",
        record=User,
        key="user_id",
        held=lambda tenant: tenant.directory.users,
        add=records.add_user,
        remove=records.remove_user,
    ),
    _CLIENTS,
    Section(
        name="apis",
        record=ResourceServer,
        key="identifier",
        held=lambda tenant: tenant.directory.apis,
        add=records.add_api,
        remove=records.remove_api,
        also={"scopes": {"type": "array", "description": "Values, or records with them."}},
    ),
)


def _patch_client(call: Call) -> Any:
    named = call.body.get("client_id", call.id)
    if named != call.id:
        mistake = {"pointer": "/client_id", "detail": f"expected {call.id!r}, or no client_id"}
        raise Problem(400, "a client keeps its client_id", mistakes=[mistake])
    if call.id not in call.tenant.directory.clients:
        raise _CLIENTS.unknown(call)
    return to_file(records.patch_client(call.tenant, call.id, call.body))


OPERATIONS = (
    *(operation for section in SECTIONS for operation in section.operations),
    Operation(
        name="patchClient",
        method="PATCH",
        path="/clients/{id}",
        summary="Change some fields of a client (RFC 7396); lists are replaced whole.",
        handler=_patch_client,
        body=Mapping,
        answer=Client,
    ),
)
