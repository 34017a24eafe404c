"""Clients, which Auth0 also calls applications.

Auth0: only a token with `read:client_keys` sees secrets. Every tenant has the global client "All
Applications". Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.codec.write import to_file, to_wire
from mockidp.management.collection import Resource, Texts, ordered
from mockidp.management.credential_object import (
    credential_id,
    credentials_of,
    each_credential,
    named_ids,
    with_stored,
)
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import not_found
from mockidp.protocol.grant_types import DEFAULT_GRANT_TYPES
from mockidp.resources.client import CLIENT, Client
from mockidp.resources.client_credential import Credential
from mockidp.tenant.try_client import TEST_CLIENT_ID
from mockidp.testing import records

_ORDER = (
    "tenant", "global", "name", "client_id", "client_secret", "app_type", "is_first_party",
    "is_token_endpoint_ip_header_trusted", "oidc_conformant", "jwt_configuration", "sso_disabled",
    "cross_origin_authentication", "grant_types", "custom_login_page_on",
    "token_endpoint_auth_method", "callbacks", "refresh_token",
)  # fmt: skip
_ALWAYS = frozenset(
    {
        "name", "client_id", "client_secret", "app_type", "is_first_party", "grant_types",
        "is_token_endpoint_ip_header_trusted", "cross_origin_authentication", "jwt_configuration",
        "token_endpoint_auth_method", "refresh_token", "callbacks", "global",
    }
)  # fmt: skip
"""Fields that every client has. Others are shown if they differ from their default."""
_SECRETS = ("client_secret", "encryption_key", "signing_keys")
_SEES_SECRETS = ("read:client_keys", "update:client_keys")
_GLOBAL = ("global_client", "All Applications")


def show_client(call: Call, client: Client) -> dict[str, Any]:
    """Return a client as JSON, without secrets if the caller may not see them."""
    complete, changed = to_wire(client), to_file(client)
    shown = {
        "tenant": call.tenant.name,
        "sso_disabled": False,
        "oidc_conformant": client.oidc_conformant or False,
        "custom_login_page_on": True,
        **{name: one for name, one in complete.items() if name in _ALWAYS or name in changed},
    }
    shown.pop("credentials", None)
    shown = each_credential(
        shown, lambda one: {"id": credential_id(call.tenant, client, _read_credential(one))}
    )
    if not call.caller.may(*_SEES_SECRETS):
        shown = {name: one for name, one in shown.items() if name not in _SECRETS}
    return ordered(shown, _ORDER)


def _read_credential(shown: Mapping[str, Any]) -> Credential:
    return Credential(id=shown["id"], name=shown["name"], pem=shown["pem"])


def _new(call: Call) -> Mapping[str, Any]:
    """Return the defaults of a new client."""
    ids = call.tenant.ids
    return {
        "client_id": ids.client_id(),
        "client_secret": ids.secret(),
        "oidc_conformant": False,
        "grant_types": list(DEFAULT_GRANT_TYPES),
    }


def _global_client(call: Call) -> tuple[Client, ...]:
    """Return the global client of a tenant whose file has none."""
    if call.tenant.directory.global_client is not None:
        return ()
    kind, name = _GLOBAL
    client_id = call.tenant.ids.record_id("", kind) + call.tenant.ids.record_id("", name)
    return (Client(client_id=client_id, name=name, is_global=True, grant_types=()),)


def _find_global(call: Call, client_id: str) -> Client | None:
    return next((one for one in _global_client(call) if one.client_id == client_id), None)


def _keep(call: Call, client: Client) -> None:
    """Add the global client to a tenant whose file has none, before it is changed."""
    if _find_global(call, client.client_id) is not None:
        call.tenant.directory.clients.store.put(client.client_id, client)


def _check_change(call: Call, client: Client) -> None:
    """Check that the client has the credentials that the body names."""
    _keep(call, client)
    known, named = credentials_of(call.tenant, client), named_ids(call.body)
    other = [one for one in named if one not in known]
    with call.tenant.trace.check("credentials", named=named, unknown=other):
        if other:
            raise not_found(
                "The credential does not exist.",
                hint=f"Client {client.client_id} has no credential with the id {other[0]!r}. Add "
                "it with POST /clients/{id}/credentials.",
            )


CLIENTS = Resource(
    kind=CLIENT,
    path="/clients",
    noun="clients",
    texts=Texts(
        title="client", missing="The client does not exist", missing_code="inexistent_client"
    ),
    shape=ListShape(key="clients", order=("total", "start", "limit", "clients")),
    show=show_client,
    read_only=frozenset({"client_id", "global", "tenant", "signing_keys", "credentials"}),
    required=("name",),
    defaults=_new,
    merged=frozenset({"client_metadata", "jwt_configuration"}),
    filters={
        "is_global": lambda client, wanted: client.is_global is (wanted == "true"),
        "is_first_party": lambda client, wanted: client.is_first_party is (wanted == "true"),
        "app_type": lambda client, wanted: client.app_type in wanted.split(","),
    },
    check_change=_check_change,
    amend=with_stored,
    find_other=_find_global,
    others=_global_client,
    hidden=frozenset({TEST_CLIENT_ID}),
)


def _rotate_secret(call: Call) -> Any:
    client = CLIENTS.find(call, call.id)
    secret = call.tenant.ids.secret()
    changed = records.change(
        call.tenant, CLIENT, client.client_id, lambda held: {**held, "client_secret": secret}
    )
    return show_client(call, changed)


OPERATIONS = (
    *CLIENTS.operations(),
    Operation(
        title="Rotate a client secret",
        method="POST",
        path="/clients/{id}/rotate-secret",
        scopes=("update:client_keys",),
        handler=_rotate_secret,
    ),
)
