"""Users, clients and APIs that a test adds to a tenant, in Auth0's own field names.

What is added is checked together with all that is there, as a tenant file would be. Adding what
has the same id again replaces it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mockidp.codec.mistakes import ConfigError
from mockidp.codec.write import to_file
from mockidp.errors import MockIdPError
from mockidp.protocol.custom_claim import UNSET, ClaimPlace, CustomClaim
from mockidp.protocol.merge_patch import merge_patch
from mockidp.resources.client import Client
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.user import User
from mockidp.tenant.config.leniency import leniency_after
from mockidp.tenant.config.plain import structure_tenant
from mockidp.tenant.document import TenantDocument
from mockidp.tenant.tenant import Tenant

PASSWORD = "Passw0rd!"
_CLAIM_LIMITS = {
    "users": ("user", "user_id", "email", "username"),
    "clients": ("client", "client_id", "name"),
    "resourceServers": ("audience", "identifier"),
}
"""By section: the limit of a custom claim that names an entry, and the fields that it names."""


def user_id_of(name: str) -> str:
    """Return the id that a user has who is added under a name."""
    return name if "|" in name else f"auth0|{name.partition('@')[0]}"


def add_user(tenant: Tenant, name: str, fields: Mapping[str, Any]) -> User:
    """Add a user: by full id such as `auth0|carol`, the part behind `auth0|`, or e-mail address.

    Raises:
        ConfigError: A field is unknown, or not what it has to be.
    """
    user_id = user_id_of(name)
    short = user_id.partition("|")[2].partition("@")[0]
    made = {
        "user_id": user_id,
        "email": name if "@" in name and "|" not in name else f"{short}@acme.example",
        "email_verified": True,
        "name": short.capitalize(),
        "nickname": short,
        "password": PASSWORD,
    }
    _put(tenant, "user", "users", "user_id", made | dict(fields))
    return tenant.directory.users[user_id]


def add_client(tenant: Tenant, client_id: str, fields: Mapping[str, Any]) -> Client:
    """Add a client; a confidential one without a secret gets its id with `-secret` behind.

    What stands in a file as `global` may be called `is_global`, as Python's keywords cannot be it.

    Raises:
        ConfigError: A field is unknown, or not what it has to be.
    """
    return _put_client(tenant, {"client_id": client_id, "name": client_id, **_as_in_a_file(fields)})


def _put_client(tenant: Tenant, client: Mapping[str, Any]) -> Client:
    _put(tenant, "client", "clients", "client_id", client)
    return tenant.directory.clients[client["client_id"]]


def _as_in_a_file(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"global" if name == "is_global" else name: one for name, one in fields.items()}


def patch_client(tenant: Tenant, client_id: str, fields: Mapping[str, Any]) -> Client:
    """Change some fields of a client; a list is replaced, and None restores the default.

    Raises:
        MockIdPError: There is no such client, or it would get another `client_id`.
        ConfigError: A field is unknown, or not what it has to be.
    """
    if fields.get("client_id", client_id) != client_id:
        raise MockIdPError(
            f"client {client_id!r}: client_id: expected {client_id!r}, or no client_id"
        )
    with tenant.changing:
        held = tenant.directory.clients.get(client_id)
        if held is None:
            known = ", ".join(tenant.directory.clients) or "none"
            raise MockIdPError(f"no client {client_id!r}; there are: {known}")
        return _put_client(tenant, merge_patch(to_file(held), _as_in_a_file(fields)))


def add_api(tenant: Tenant, identifier: str, fields: Mapping[str, Any]) -> ResourceServer:
    """Add an API.

    Raises:
        ConfigError: A field is unknown, or not what it has to be.
    """
    api = {"identifier": identifier, "name": identifier, **fields}
    _put(tenant, "API", "resourceServers", "identifier", api)
    return tenant.directory.apis[identifier]


def claim_fields(
    *,
    from_: str | None,
    value: Any,
    in_: ClaimPlace | Sequence[ClaimPlace],
    **limits: str | None,
) -> dict[str, Any]:
    """Return the arguments of the method `add_claim` as a tenant file has them."""
    said: dict[str, Any] = {"from": from_, **limits}
    said = {name: one for name, one in said.items() if one is not None}
    if value is not UNSET:
        said["value"] = value
    return {**said, "in": in_}


def add_claim(tenant: Tenant, claim: str, fields: Mapping[str, Any]) -> CustomClaim:
    """Append a custom claim, so that it takes precedence over the existing ones.

    Args:
        tenant: The tenant.
        claim: The claim's name.
        fields: The rest of the entry, as in a tenant file.

    Raises:
        ConfigError: A field is unknown or has a wrong value, or Auth0 restricts the claim.
    """
    with tenant.changing:
        document = to_file(tenant.directory.document)
        settings = document.setdefault("mockidp", {})
        held = settings.get("claims", [])
        settings["claims"] = [*held, {"claim": claim, **fields}]
        try:
            made = _change(tenant, document, source=f"claim {claim!r}")
        except ConfigError as error:
            place = ("mockidp", "claims", len(held))
            raise ConfigError(
                (one.within(place) for one in error.mistakes), more=error.more
            ) from None
        tenant.change(made)
    return made.mockidp.claims[-1]


def remove_claim(tenant: Tenant, claim: str) -> bool:
    """Remove every entry for a claim. Return whether there was one."""
    with tenant.changing:
        document = tenant.directory.document
        kept = tuple(one for one in document.mockidp.claims if one.claim != claim)
        if kept == document.mockidp.claims:
            return False
        settings = replace(document.mockidp, claims=kept)
        tenant.change(replace(document, mockidp=settings))
    return True


def _put(tenant: Tenant, kind: str, section: str, key: str, entry: Mapping[str, Any]) -> None:
    with tenant.changing:
        document = to_file(tenant.directory.document)
        held = document.get(section, [])
        others = [one for one in held if one[key] != entry[key]]
        document[section] = [*others, entry]
        try:
            made = _change(tenant, document, source=f"{kind} {entry[key]!r}")
        except ConfigError as error:
            place = (section, len(others))
            raise ConfigError(
                (one.within(place) for one in error.mistakes), more=error.more
            ) from None
        at = next((i for i, one in enumerate(held) if one[key] == entry[key]), len(others))
        tenant.change(_move_last(made, section, at))


def _change(tenant: Tenant, data: Mapping[str, Any], *, source: str) -> TenantDocument:
    """Return the tenant's next document; names that were missing before may stay so."""
    leniency = leniency_after(tenant.directory.document.notes)
    return structure_tenant(data, source=source, leniency=leniency)


def _move_last(document: TenantDocument, section: str, at: int) -> TenantDocument:
    """Put the last entry where the one was that it replaces: the first client is the default."""
    name = "resource_servers" if section == "resourceServers" else section
    *others, last = getattr(document, name)
    moved: dict[str, Any] = {name: (*others[:at], last, *others[at:])}
    return replace(document, **moved)


def remove_user(tenant: Tenant, user_id: str) -> bool:
    """Remove a user; tell whether it was there."""
    return _remove(tenant, "users", "user_id", user_id)


def remove_client(tenant: Tenant, client_id: str) -> bool:
    """Remove a client, with its grants and its place in connections; tell whether it was there.

    Raises:
        ConfigError: Something else of the tenant names it.
    """
    return _remove(tenant, "clients", "client_id", client_id)


def remove_api(tenant: Tenant, identifier: str) -> bool:
    """Remove an API, with grants and permissions for it; tell whether it was there.

    Raises:
        ConfigError: Something else of the tenant names it, such as `default_audience`.
    """
    return _remove(tenant, "resourceServers", "identifier", identifier)


def _remove(tenant: Tenant, section: str, key: str, name: str) -> bool:
    with tenant.changing:
        document = to_file(tenant.directory.document)
        held = document.get(section, [])
        gone = [one for one in held if one[key] == name]
        if gone:
            document[section] = [one for one in held if one[key] != name]
            if section == "clients":
                _forget_client(document, {name, gone[0].get("name")})
            elif section == "resourceServers":
                _forget_api(document, name)
            _forget_claims(document, section, gone[0])
            tenant.change(_change(tenant, document, source=f"without {name!r}"))
        return bool(gone)


def _forget_claims(document: dict[str, Any], section: str, gone: Mapping[str, Any]) -> None:
    """Remove the custom claims that are limited to the removed record."""
    limit, *keys = _CLAIM_LIMITS[section]
    names = {gone.get(key) for key in keys} - {None}
    if section == "users":
        names.add(gone["user_id"].partition("|")[2])
    settings = document.get("mockidp", {})
    if "claims" in settings:
        settings["claims"] = [one for one in settings["claims"] if one.get(limit) not in names]


def _forget_client(document: dict[str, Any], names: set[str | None]) -> None:
    grants = document.get("clientGrants", [])
    document["clientGrants"] = [one for one in grants if one["client_id"] not in names]
    for connection in (*document.get("databases", ()), *document.get("connections", ())):
        if "enabled_clients" in connection:
            enabled = connection["enabled_clients"]
            connection["enabled_clients"] = [one for one in enabled if one not in names]


def _forget_api(document: dict[str, Any], identifier: str) -> None:
    grants = document.get("clientGrants", [])
    document["clientGrants"] = [one for one in grants if one["audience"] != identifier]
    for holder in (*document.get("roles", ()), *document.get("users", ())):
        if "permissions" in holder:
            holder["permissions"] = [
                one
                for one in holder["permissions"]
                if one["resource_server_identifier"] != identifier
            ]
