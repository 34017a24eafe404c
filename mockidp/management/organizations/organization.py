"""Organizations: create, read, change, delete.

Auth0: the name can change, and the id stays. Deleting an unknown one is a 404. Source:
docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from mockidp.frozen import replace
from mockidp.management import field_types
from mockidp.management.body import check_keys, check_keys_of, checked_values, text
from mockidp.management.collection import Resource, Texts, ordered
from mockidp.management.formats import check_color, check_https_url, check_length
from mockidp.management.json_values import Members, check_members, check_texts, check_types
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.organizations.connection_object import read_connections, show_enabled
from mockidp.management.refusals import conflict, invalid_body, not_found
from mockidp.management.sorting import Selection, read_order
from mockidp.resources.checks import check_organization_name
from mockidp.resources.organization import ORGANIZATION, Organization
from mockidp.testing import records

_SHOWN = ("id", "name", "display_name", "branding", "metadata")
_FIELDS = frozenset(
    {
        "name", "display_name", "branding", "metadata", "token_quota",
        "third_party_client_access", "is_app_entitlement_active",
    }
)  # fmt: skip
_ENABLED = "enabled_connections"
_MAX_DISPLAY_NAME, _MAX_METADATA, _MAX_ENABLED = 255, 25, 10
_COLORS = ("primary", "page_background")
_BRANDING: Members = {
    "logo_url": "string", "colors": {"primary": "string", "page_background": "string"},
}  # fmt: skip
Entries = list[dict[str, Any]]


def show_organization(organization: Organization) -> dict[str, Any]:
    """Return an organization as JSON. Auth0: what is empty is absent, unless it was sent."""
    shown = {
        "id": organization.id,
        "name": organization.name,
        "display_name": organization.shown_name,
        "branding": organization.value_if_set("branding"),
        "metadata": organization.value_if_set("metadata"),
        "third_party_client_access": organization.third_party_client_access,
        "is_app_entitlement_active": organization.is_app_entitlement_active,
        "token_quota": organization.extra.get("token_quota"),
    }
    return ordered(shown, _SHOWN)


ORGANIZATIONS = Resource(
    kind=ORGANIZATION,
    path="/organizations",
    noun="organizations",
    texts=Texts(title="organization", missing="No organization found by that id or name"),
    shape=ListShape(
        key="organizations",
        order=("organizations", "start", "limit", "total"),
        has_checkpoints=True,
        is_limited=True,
    ),
    show=lambda _call, organization: show_organization(organization),
)


def find_organization(call: Call) -> Organization:
    """Return the organization that the first id in the path names.

    Raises:
        ApiRefusal: There is no such organization.
    """
    return ORGANIZATIONS.find(call, call.id)


def organization_in_body(call: Call) -> Organization | None:
    """Return the organization that `organization_id` in the body names; None if it is not sent.

    Raises:
        ApiRefusal: It names none.
    """
    sent = text(call, "organization_id")
    return None if sent is None else ORGANIZATIONS.find(call, sent)


def change_entries(
    call: Call, organization: Organization, field: str, changed: Callable[[Entries], Entries]
) -> Organization:
    """Replace the entries of a list in an organization, such as its members.

    Args:
        call: The call.
        organization: The organization.
        field: The list.
        changed: Returns the new entries for those of now, as in a tenant file.

    Raises:
        ApiRefusal: The checks of the record refuse the new entries.
    """
    with checked_values(call):
        return records.change(
            call.tenant,
            ORGANIZATION,
            organization.name,
            lambda held: {**held, field: changed(list(held.get(field, ())))},
        )


def _list(call: Call) -> Any:
    known = ORGANIZATIONS.all(call)
    places = {one.id: place for place, one in enumerate(known)}
    values: Mapping[str, Callable[[Organization], Any]] = {
        "created_at": lambda one: places[one.id],
        "display_name": lambda one: one.shown_name,
        "name": lambda one: one.name,
    }

    def value_of(one: Organization, field: str) -> Any:
        return values[field](one)

    found = Selection(known.__iter__, read_order(call, value_of, only=values))
    return ORGANIZATIONS.shape.page(call, found, show_organization, ORGANIZATION.key_of)


def _get_by_name(call: Call) -> Any:
    found = call.tenant.directory.records[ORGANIZATION.plural].get(call.id)
    with call.tenant.trace.check("organization", called=call.id, found=found is not None):
        if found is None:
            raise not_found(
                ORGANIZATIONS.texts.missing,
                hint=f"No organization has the name {call.id!r}.",
            )
    return show_organization(found)


def _create(call: Call) -> Any:
    check_keys(call, _FIELDS | {_ENABLED}, required=("name",))
    _check_values(call)
    tenant, name = call.tenant, call.body["name"]
    fields = {key: one for key, one in call.body.items() if key != _ENABLED}
    _check_enabled(call)
    with tenant.backend.exclusive(), checked_values(call):
        _check_name(call, name)
        fields["id"] = tenant.ids.record_id(ORGANIZATION.id_prefix, name, tenant.ids.opaque_id())
        if _ENABLED in call.body:
            fields["connections"] = read_connections(call, call.body[_ENABLED])
        made = records.add(tenant, ORGANIZATION, name, fields)
    shown = show_organization(made)
    if made.connections:
        shown[_ENABLED] = [show_enabled(call, one) for one in made.connections]
    return shown


def _check_enabled(call: Call) -> None:
    sent = call.body.get(_ENABLED)
    number = len(sent) if isinstance(sent, list) else 0
    with call.tenant.trace.check(_ENABLED, number=number):
        if number > _MAX_ENABLED:
            raise invalid_body(
                f"Array is too long ({number}), maximum {_MAX_ENABLED}",
                at=_ENABLED,
                hint=f"Send at most {_MAX_ENABLED} connections, and enable the others with POST "
                "/organizations/{id}/enabled_connections.",
            )


def _check_values(call: Call) -> None:
    check_types(call, field_types.ORGANIZATION)
    check_texts(call, "metadata", most=_MAX_METADATA)
    check_length(call, "display_name", most=_MAX_DISPLAY_NAME)
    check_members(call, "branding", _BRANDING)
    _check_branding(call)


def _check_branding(call: Call) -> None:
    branding = call.body.get("branding") or {}
    colors = branding.get("colors")
    with call.tenant.trace.check("branding"):
        check_https_url(branding.get("logo_url"), "branding.logo_url")
        if isinstance(colors, dict):
            check_keys_of(colors, _COLORS, required=_COLORS, at="branding.colors")
            for name in _COLORS:
                check_color(colors[name], f"branding.colors.{name}")


def _check_name(call: Call, name: Any, own: str | None = None) -> None:
    with call.tenant.trace.check("name", sent=name):
        expected = check_organization_name(name) if isinstance(name, str) else True
        if expected is not None:
            raise invalid_body(
                "String does not match pattern ^[a-z0-9][a-z0-9_-]*$",
                at="name",
                hint=f"`name` is {name!r}. Send 1 to 50 lower-case letters, digits, - and _ that "
                "begin with a letter or digit.",
            )
        if name != own and name in call.tenant.directory.records[ORGANIZATION.plural]:
            raise conflict(
                "An organization with this name already exists",
                hint=f"Organization {name!r} exists. Change it with PATCH, or choose another name.",
            )


def _patch(call: Call) -> Any:
    check_keys(call, _FIELDS)
    _check_values(call)
    with call.tenant.backend.exclusive(), checked_values(call):
        organization = find_organization(call)
        before = organization.name
        name = call.body.get("name", before)
        _check_name(call, name, own=before)
        organization = records.change(
            call.tenant, ORGANIZATION, before, lambda held: _merge(held, call)
        )
        if name != before:
            organization = records.rename(call.tenant, ORGANIZATION, before, name)
    return show_organization(organization)


def _merge(held: dict[str, Any], call: Call) -> dict[str, Any]:
    """Return the fields after an update. Null removes one."""
    after = {**held, **call.body, "name": held["name"]}
    return {name: one for name, one in after.items() if one is not None}


def _delete(call: Call) -> None:
    organization = find_organization(call)
    records.remove(call.tenant, ORGANIZATION, organization.name)


_LIST_SCOPES = ("read:organizations", "read:organizations_summary")
_PATH, _ONE = "/organizations", "/organizations/{id}"
OPERATIONS = (
    *(
        replace(one, handler=_list, query=one.query | {"sort"}, scopes=_LIST_SCOPES)
        if one.path == _PATH
        else one
        for one in ORGANIZATIONS.operations()
        if one.method == "GET"
    ),
    Operation(
        title="Get an organization by name", method="GET", path="/organizations/name/{id}",
        scopes=("read:organizations",), handler=_get_by_name,
    ),
    Operation(
        title="Create an organization", method="POST", path="/organizations",
        scopes=("create:organizations",), handler=_create, status=HTTPStatus.CREATED,
    ),
    Operation(
        title="Update an organization", method="PATCH", path=_ONE,
        scopes=("update:organizations",), handler=_patch,
    ),
    Operation(
        title="Delete an organization", method="DELETE", path=_ONE,
        scopes=("delete:organizations",), handler=_delete, status=HTTPStatus.NO_CONTENT,
    ),
)  # fmt: skip
