"""Users, clients and APIs that a test adds to a tenant, in Auth0's own field names.

What is added is checked together with all that is there, as a tenant file would be. Adding what
has the same id again replaces it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.protocol.client import Client
from mockidp.protocol.resource_server import ResourceServer
from mockidp.protocol.user import User
from mockidp.tenant.config.plain import plain, structure_tenant
from mockidp.tenant.tenant import Tenant

PASSWORD = "Passw0rd!"


def add_user(tenant: Tenant, name: str, fields: Mapping[str, Any]) -> User:
    """Add a user: by full id such as `auth0|carol`, the part behind `auth0|`, or e-mail address.

    Raises:
        ConfigError: A field is unknown, or not what it has to be.
    """
    local, at, _ = name.partition("@")
    user_id = name if "|" in name else f"auth0|{local}"
    short = user_id.partition("|")[2].partition("@")[0]
    made = {
        "user_id": user_id,
        "email": name if at and "|" not in name else f"{short}@acme.example",
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
    said = {"global" if name == "is_global" else name: one for name, one in fields.items()}
    client = {"client_id": client_id, "name": client_id, **said}
    _put(tenant, "client", "clients", "client_id", client)
    return tenant.directory.clients[client_id]


def add_api(tenant: Tenant, identifier: str, fields: Mapping[str, Any]) -> ResourceServer:
    """Add an API; a text among its `scopes` stands for `{"value": text}`.

    Raises:
        ConfigError: A field is unknown, or not what it has to be.
    """
    api = {"identifier": identifier, "name": identifier, **fields}
    if isinstance(api.get("scopes"), list | tuple):
        api["scopes"] = [{"value": one} if isinstance(one, str) else one for one in api["scopes"]]
    _put(tenant, "API", "resourceServers", "identifier", api)
    return tenant.directory.apis[identifier]


def _put(tenant: Tenant, kind: str, section: str, key: str, entry: Mapping[str, Any]) -> None:
    with tenant.changing:
        document = plain(tenant.directory.document)
        others = [one for one in document.get(section, ()) if one[key] != entry[key]]
        document[section] = [*others, entry]
        tenant.change(structure_tenant(document, source=f"{kind} {entry[key]!r}"))


def remove_user(tenant: Tenant, user_id: str) -> bool:
    """Remove a user; tell whether it was there."""
    return _remove(tenant, "users", "user_id", user_id)


def remove_client(tenant: Tenant, client_id: str) -> bool:
    """Remove a client; tell whether it was there."""
    return _remove(tenant, "clients", "client_id", client_id)


def remove_api(tenant: Tenant, identifier: str) -> bool:
    """Remove an API; tell whether it was there."""
    return _remove(tenant, "resourceServers", "identifier", identifier)


def _remove(tenant: Tenant, section: str, key: str, name: str) -> bool:
    with tenant.changing:
        document = plain(tenant.directory.document)
        kept = [one for one in document.get(section, ()) if one[key] != name]
        removed = len(kept) < len(document.get(section, ()))
        if removed:
            tenant.change(structure_tenant(document | {section: kept}, source=f"without {name!r}"))
        return removed
