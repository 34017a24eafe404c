"""Credentials of clients: keys and certificates, which their authentication methods name by id.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from mockidp.codec.write import to_file
from mockidp.management.body import check_keys, checked_values
from mockidp.management.clients.clients import CLIENTS
from mockidp.management.clients.credential_object import (
    credential_id,
    credentials_of,
    each_credential,
)
from mockidp.management.json_values import check_types
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body, not_found
from mockidp.resources.client import CLIENT, Client
from mockidp.resources.client_credential import Credential
from mockidp.tenant.timestamps import timestamp
from mockidp.testing import records

_LIST = ListShape(key="credentials")
_EXPIRY = "parse_expiry_from_cert"
_CREATED = frozenset({"credential_type", "name", "pem", "subject_dn", "alg", "expires_at", _EXPIRY})
_KEY = "public_key"


def _show(call: Call, client: Client, credential: Credential) -> dict[str, Any]:
    is_key = credential.credential_type == _KEY
    key = credential.key() if is_key else None
    shown = {
        "id": credential_id(call.tenant, client, credential),
        "name": credential.name,
        "credential_type": credential.credential_type,
        "kid": key.kid if key else credential.kid,
        "alg": credential.alg if is_key else None,
        "subject_dn": None if is_key else credential.subject,
        "thumbprint_sha256": credential.thumbprint,
        "created_at": credential.extra.get("created_at"),
        "updated_at": credential.extra.get("updated_at"),
        "expires_at": credential.expires_at,
    }
    return {name: one for name, one in shown.items() if one is not None}


def _list(call: Call) -> Any:
    client = CLIENTS.find(call, call.id)
    found = credentials_of(call.tenant, client)
    return [_show(call, client, one) for one in found.values()]


def _find(call: Call, client: Client) -> Credential:
    wanted = call.ids[1]
    found = credentials_of(call.tenant, client).get(wanted)
    with call.tenant.trace.check("credential", id=wanted, found=found is not None):
        if found is None:
            raise not_found(
                "The credential does not exist.",
                hint=f"Client {client.client_id} has no credential with the id {wanted!r}.",
            )
    return found


def _get(call: Call) -> Any:
    client = CLIENTS.find(call, call.id)
    return _show(call, client, _find(call, client))


def _create(call: Call) -> Any:
    check_keys(call, _CREATED, required=("credential_type",))
    by_subject = call.body["credential_type"] == "cert_subject_dn"
    if not (by_subject and "subject_dn" in call.body):
        check_keys(call, _CREATED, required=("pem",))
    with call.tenant.trace.check("subject_dn", type=call.body["credential_type"]):
        if "subject_dn" in call.body and (not by_subject or "pem" in call.body):
            raise invalid_body(
                "Additional properties not allowed: subject_dn",
                hint="Send `subject_dn` only for the type cert_subject_dn, and without `pem`.",
            )
    check_types(call, {_EXPIRY: "boolean"})
    tenant, now = call.tenant, timestamp(call.tenant.now())
    made = f"cred_{tenant.ids.client_id()[:22]}"
    entry = {**call.body, "id": made, "created_at": now, "updated_at": now}

    def with_entry(held: dict[str, Any]) -> dict[str, Any]:
        return {**held, "credentials": [*held.get("credentials", ()), entry]}

    client = _change(call, CLIENTS.find(call, call.id), with_entry)
    if call.body.get(_EXPIRY):
        tenant.trace.advise(
            f"`{_EXPIRY}` is stored, but has no effect here: Auth0 lets the credential expire "
            "with its certificate. Send `expires_at` to let it expire."
        )
    return _show(call, client, credentials_of(tenant, client)[made])


def _change(
    call: Call, client: Client, changed: Callable[[dict[str, Any]], dict[str, Any]]
) -> Client:
    CLIENTS.check_change(call, client)
    with checked_values(call):
        return records.change(call.tenant, CLIENT, client.client_id, changed)


def _patch(call: Call) -> Any:
    check_keys(call, ("expires_at",), required=("expires_at",))
    client = CLIENTS.find(call, call.id)
    found = _find(call, client)
    after = {**to_file(found), **call.body, "updated_at": timestamp(call.tenant.now())}
    client = _replace(call, client, found, {k: v for k, v in after.items() if v is not None})
    return _show(call, client, credentials_of(call.tenant, client)[call.ids[1]])


def _delete(call: Call) -> None:
    """Delete a credential, also from the methods. Auth0: an unknown one is not an error."""
    client = CLIENTS.find(call, call.id)
    found = credentials_of(call.tenant, client).get(call.ids[1])
    if found is not None:
        _replace(call, client, found, None)


def _replace(call: Call, client: Client, found: Credential, after: dict[str, Any] | None) -> Client:
    before = to_file(found)

    def replaced(held: dict[str, Any]) -> dict[str, Any]:
        fields = each_credential(held, lambda one: after if one == before else one)
        if not fields.get("credentials"):  # export it like a client that never had a credential
            fields.pop("credentials", None)
        return fields

    return _change(call, client, replaced)


_PATH, _NOUN = "/clients/{id}/credentials", "client_credentials"
OPERATIONS = (
    Operation(
        title="Get client credentials", method="GET", path=_PATH, scopes=(f"read:{_NOUN}",),
        handler=_list, query=_LIST.parameters,
    ),
    Operation(
        title="Create a client credential", method="POST", path=_PATH,
        scopes=(f"create:{_NOUN}",), handler=_create, status=HTTPStatus.CREATED,
    ),
    Operation(
        title="Get client credential details", method="GET", path=f"{_PATH}/{{id}}",
        scopes=(f"read:{_NOUN}",), handler=_get,
    ),
    Operation(
        title="Update a client credential", method="PATCH", path=f"{_PATH}/{{id}}",
        scopes=(f"update:{_NOUN}",), handler=_patch,
    ),
    Operation(
        title="Delete a client credential", method="DELETE", path=f"{_PATH}/{{id}}",
        scopes=(f"delete:{_NOUN}",), handler=_delete, status=HTTPStatus.NO_CONTENT,
    ),
)  # fmt: skip
