"""The connections that are enabled for an organization.

Auth0: the older route `/enabled_connections` and the newer `/connections` have the same data.
Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from mockidp.frozen import frozen
from mockidp.management.body import check_keys
from mockidp.management.connections.connections import CONNECTIONS
from mockidp.management.json_values import check_types
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.organizations.connection_object import (
    FIELD_TYPES,
    NEW_FIELDS,
    OLD_FIELDS,
    check_sign_up,
    find_connection,
    no_connection,
    read_connection,
    show_connection,
    show_enabled,
)
from mockidp.management.organizations.organization import (
    Entries,
    change_entries,
    find_organization,
)
from mockidp.management.refusals import conflict
from mockidp.resources.organization import Organization, OrganizationConnection

_IS_ENABLED = "is_enabled"


@frozen
class _Route:
    """One of the two routes with the connections of an organization."""

    name: str
    fields: tuple[str, ...]
    show: Callable[[Call, OrganizationConnection], dict[str, Any]]
    filters: frozenset[str] = frozenset()

    @property
    def _shape(self) -> ListShape:
        return ListShape(key=self.name, order=(self.name, "start", "limit", "total"))

    def _list(self, call: Call) -> Any:
        wanted = call.query.get(_IS_ENABLED)
        found = [
            one
            for one in find_organization(call).connections
            if wanted is None or one.is_enabled is (wanted == "true")
        ]
        page = self._shape.page(call, found, lambda one: self.show(call, one))
        if isinstance(page, dict) and not self.filters:
            page["limit"] = len(page[self.name])
        return page

    def _get(self, call: Call) -> Any:
        return self.show(call, _find(call, find_organization(call)))

    def _add(self, call: Call) -> Any:
        check_keys(call, ("connection_id", *self.fields), required=("connection_id",))
        check_types(call, FIELD_TYPES)
        with call.tenant.backend.exclusive():
            organization = find_organization(call)
            entry = read_connection(call, call.body)
            _check_is_new(call, organization, entry["name"])
            after = change_entries(call, organization, "connections", lambda held: [*held, entry])
        return self.show(call, _named(after, entry["name"]))

    def _patch(self, call: Call) -> Any:
        check_keys(call, self.fields)
        check_types(call, FIELD_TYPES)
        with call.tenant.backend.exclusive():
            organization = find_organization(call)
            name = _find(call, organization).name

            def changed(held: Entries) -> Entries:
                return [{**one, **call.body} if one["name"] == name else one for one in held]

            _check_patched(call, _named(organization, name))
            after = change_entries(call, organization, "connections", changed)
        return self.show(call, _named(after, name))

    def operations(self) -> Iterator[Operation]:
        """Yield the operations."""
        path = f"/organizations/{{id}}/{self.name}"
        one, noun = f"{path}/{{id}}", "organization_connections"
        yield Operation(
            title="Get connections enabled for an organization", method="GET", path=path,
            scopes=(f"read:{noun}",), handler=self._list,
            query=self._shape.parameters | self.filters,
        )  # fmt: skip
        yield Operation(
            title="Add connections to an organization", method="POST", path=path,
            scopes=(f"create:{noun}",), handler=self._add, status=HTTPStatus.CREATED,
        )  # fmt: skip
        yield Operation(
            title="Get an enabled connection for an organization", method="GET", path=one,
            scopes=(f"read:{noun}",), handler=self._get,
        )  # fmt: skip
        yield Operation(
            title="Update the connection for an organization", method="PATCH", path=one,
            scopes=(f"update:{noun}",), handler=self._patch,
        )  # fmt: skip
        yield Operation(
            title="Delete connections from an organization", method="DELETE", path=one,
            scopes=(f"delete:{noun}",), handler=_remove, status=HTTPStatus.NO_CONTENT,
        )  # fmt: skip


def _named(organization: Organization, name: str) -> OrganizationConnection:
    return next(one for one in organization.connections if one.name == name)


def _find(call: Call, organization: Organization) -> OrganizationConnection:
    name = find_connection(call, call.ids[1]).name
    found = next((one for one in organization.connections if one.name == name), None)
    with call.tenant.trace.check("enabled_connection", sent=name, found=found is not None):
        if found is None:
            raise no_connection(
                f"Connection {name} is not enabled for organization {organization.name}. Add it "
                "with POST."
            )
    return found


def _check_is_new(call: Call, organization: Organization, name: str) -> None:
    with call.tenant.trace.check("new_connection", sent=name):
        if any(one.name == name for one in organization.connections):
            raise conflict(
                "The connection is already enabled for this organization",
                hint=f"Organization {organization.name} has the connection {name}. Change it with "
                "PATCH.",
            )


def _check_patched(call: Call, held: OrganizationConnection) -> None:
    before = {name: getattr(held, name) for name in OLD_FIELDS}
    check_sign_up(call, find_connection(call, call.ids[1]), {**before, **call.body})


def _remove(call: Call) -> None:
    """Remove a connection. Auth0: one that the organization does not have is not an error."""
    organization = find_organization(call)
    names = {one.name for one in CONNECTIONS.all(call) if one.id == call.ids[1]}

    def without(held: Entries) -> Entries:
        return [one for one in held if one["name"] not in names]

    change_entries(call, organization, "connections", without)


_OLD = _Route(name="enabled_connections", fields=OLD_FIELDS, show=show_enabled)
_NEW = _Route(
    name="connections", fields=NEW_FIELDS, show=show_connection, filters=frozenset({_IS_ENABLED})
)
OPERATIONS = (*_OLD.operations(), *_NEW.operations())
