"""The domains of e-mail addresses by which Auth0 finds an organization.

They are stored, and no login page of mockidp uses them. Source: docs/fidelity.md.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from mockidp.management.body import check_keys
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.organizations.organization import (
    Entries,
    change_entries,
    find_organization,
)
from mockidp.management.refusals import conflict, invalid_body, not_found
from mockidp.protocol.errors.refusal import ApiRefusal
from mockidp.resources.custom_domain import check_domain
from mockidp.resources.organization import Organization

_FIELD = "discovery_domains"
_LIST = ListShape(key="domains", has_checkpoints=True, is_object=True)
_STATUS, _USE = "status", "use_for_organization_discovery"
_STATUSES = ("pending", "verified")
_ORDER = ("id", "domain", _STATUS, "verification_host", "verification_txt", _USE)


def _complete(call: Call, organization: Organization, entry: dict[str, Any]) -> dict[str, Any]:
    """Return a domain with what a tenant file leaves out."""
    domain, ids = str(entry.get("domain")), call.tenant.ids
    made = {
        "id": ids.record_id("ord_", organization.id, domain, length=22),
        _STATUS: "pending",
        "verification_host": f"_ss-verification.{organization.name}.{domain}",
        "verification_txt": ids.hex_id("txt", organization.id, domain)
        + ids.hex_id("txt", domain)[:8],
        _USE: True,
    }
    both = {**made, **entry}
    return {name: both[name] for name in _ORDER}


def _domains(call: Call, organization: Organization) -> Entries:
    held = organization.extra.get(_FIELD) or ()
    return [_complete(call, organization, one) for one in held if isinstance(one, dict)]


def _list(call: Call) -> Any:
    found = _domains(call, find_organization(call))
    page = _LIST.page(call, found, lambda one: one, lambda one: str(one["id"]))
    following = {name: page[name] for name in ("next",) if name in page}
    return {**following, "domains": page["domains"]}


def _found(call: Call, member: str) -> dict[str, Any]:
    organization, wanted = find_organization(call), call.ids[1]
    domains = _domains(call, organization)
    found = next((one for one in domains if one[member] == wanted), None)
    with call.tenant.trace.check("discovery_domain", called=wanted, found=found is not None):
        if found is None:
            raise not_found(
                "The discovery domain does not exist.",
                hint=f"Organization {organization.name} has no discovery domain {wanted!r}.",
            )
    return found


def _get(call: Call) -> Any:
    return _found(call, "id")


def _get_by_name(call: Call) -> Any:
    return _found(call, "domain")


def _wrong(name: str, expected: str) -> ApiRefusal:
    return invalid_body(f"Expected {expected}", at=name, hint=f"Send `{name}` as {expected}.")


def _check(call: Call) -> None:
    domain, body = call.body.get("domain", "a.example"), call.body
    with call.tenant.trace.check("values"):
        if not isinstance(domain, str) or check_domain(domain) is not None:
            raise _wrong("domain", "a host name in lower case with a dot")
        if body.get(_STATUS, "pending") not in _STATUSES:
            raise _wrong(_STATUS, "pending or verified")
        if not isinstance(body.get(_USE, True), bool):
            raise _wrong(_USE, "true or false")


def _add(call: Call) -> Any:
    check_keys(call, ("domain", _STATUS, _USE), required=("domain",))
    _check(call)
    with call.tenant.backend.exclusive():
        organization = find_organization(call)
        _check_is_new(call)
        made = _complete(call, organization, dict(call.body))
        change_entries(call, organization, _FIELD, lambda held: [*held, made])
    return made


def _check_is_new(call: Call) -> None:
    """Check that no organization has the domain."""
    domain = call.body["domain"]
    owner = next(
        (
            organization.name
            for organization in call.tenant.directory.organizations.values()
            if any(one["domain"] == domain for one in _domains(call, organization))
        ),
        None,
    )
    with call.tenant.trace.check("new", domain=domain, owner=owner):
        if owner is not None:
            raise conflict(
                "The domain is already used by an organization",
                hint=f"Domain {domain} belongs to organization {owner}.",
            )


def _patch(call: Call) -> Any:
    check_keys(call, (_STATUS, _USE))
    _check(call)
    with call.tenant.backend.exclusive():
        found = _found(call, "id")
        changed = {**found, **call.body}
        _replace(call, found, [changed])
    return changed


def _replace(call: Call, found: dict[str, Any], entries: Entries) -> None:
    def replaced(held: Entries) -> Entries:
        return [
            after
            for one in held
            for after in (entries if one.get("domain") == found["domain"] else [one])
        ]

    change_entries(call, find_organization(call), _FIELD, replaced)


def _remove(call: Call) -> None:
    """Remove a domain. Auth0: one that the organization does not have is not an error."""
    with call.tenant.backend.exclusive():
        domains = _domains(call, find_organization(call))
        for found in [one for one in domains if one["id"] == call.ids[1]]:
            _replace(call, found, [])


_PATH, _NOUN = "/organizations/{id}/discovery-domains", "organization_discovery_domains"
OPERATIONS = (
    Operation(
        title="Get discovery domains of an organization", method="GET", path=_PATH,
        scopes=(f"read:{_NOUN}",), handler=_list, query=_LIST.parameters,
    ),
    Operation(
        title="Create a discovery domain of an organization", method="POST", path=_PATH,
        scopes=(f"create:{_NOUN}",), handler=_add, status=HTTPStatus.CREATED,
    ),
    Operation(
        title="Get a discovery domain of an organization", method="GET", path=f"{_PATH}/{{id}}",
        scopes=(f"read:{_NOUN}",), handler=_get,
    ),
    Operation(
        title="Get a discovery domain of an organization by name", method="GET",
        path=f"{_PATH}/name/{{id}}", scopes=(f"read:{_NOUN}",), handler=_get_by_name,
    ),
    Operation(
        title="Update a discovery domain of an organization", method="PATCH",
        path=f"{_PATH}/{{id}}", scopes=(f"update:{_NOUN}",), handler=_patch,
    ),
    Operation(
        title="Delete a discovery domain of an organization", method="DELETE",
        path=f"{_PATH}/{{id}}", scopes=(f"delete:{_NOUN}",), handler=_remove,
        status=HTTPStatus.NO_CONTENT,
    ),
)  # fmt: skip
