"""Where the credentials of a client are, and how the client names them.

Auth0: authentication methods and signed requests of a client have ids of credentials only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mockidp.protocol.mfa.authentication_methods import MUTUAL_TLS
from mockidp.resources.client import Client
from mockidp.resources.client_credential import Credential
from mockidp.tenant.tenant import Tenant

_PATHS = (
    ("credentials",),
    *(
        ("client_authentication_methods", method, "credentials")
        for method in ("private_key_jwt", *MUTUAL_TLS)
    ),
    ("signed_request_object", "credentials"),
)
Fields = dict[str, Any]


def credential_id(tenant: Tenant, client: Client, credential: Credential) -> str:
    """Return the id of a credential; for one of a tenant file without an id, a repeatable one."""
    content = credential.pem or credential.subject_dn or ""
    made = tenant.ids.record_id("cred_", client.client_id, credential.name, content)
    return credential.id or made


def credentials_of(tenant: Tenant, client: Client) -> dict[str, Credential]:
    """Return the credentials of a client by id."""
    methods, requests = client.private_key_jwt, client.signed_request_object
    known = (
        *client.credentials,
        *(methods.credentials if methods else ()),
        *client.tls_credentials,
        *(requests.credentials if requests else ()),
    )
    return {credential_id(tenant, client, one): one for one in reversed(known)}


def each_credential(fields: Fields, changed: Callable[[Fields], Fields | None]) -> Fields:
    """Return the fields of a client with each credential replaced, or removed if it is None."""
    for path in _PATHS:
        fields = _at(fields, path, changed)
    return fields


def _at(
    fields: Fields, path: tuple[str, ...], changed: Callable[[Fields], Fields | None]
) -> Fields:
    name, *rest = path
    held = fields.get(name)
    if rest:
        return (
            {**fields, name: _at(held, tuple(rest), changed)} if isinstance(held, dict) else fields
        )
    if not isinstance(held, list | tuple):
        return fields
    pairs = [(one, changed(one) if isinstance(one, dict) else one) for one in held]
    return {**fields, name: [after for one, after in pairs if after is not None or one is None]}


def named_ids(fields: Mapping[str, Any]) -> list[str]:
    """Return the ids of the credentials that fields of a client have."""
    return list(_by_id(fields))


def with_stored(held: Mapping[str, Any], after: Fields) -> Fields:
    """Return the fields after an update, with the keys of the credentials that it names by id."""
    known = _by_id(held)
    return each_credential(
        after, lambda one: known.get(str(one["id"]), one) if set(one) == {"id"} else one
    )


def _by_id(fields: Mapping[str, Any]) -> dict[str, Fields]:
    known: dict[str, Fields] = {}

    def collect(one: Fields) -> Fields:
        if isinstance(one.get("id"), str):
            known.setdefault(one["id"], one)
        return one

    each_credential(dict(fields), collect)
    return known
