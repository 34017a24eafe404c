"""Clients, which Auth0 also calls applications.

Auth0: only a token with `read:client_keys` sees secrets. Every tenant has the global client "All
Applications". Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.codec.write import to_file, to_wire
from mockidp.frozen import replace
from mockidp.management import field_types
from mockidp.management.body import required_text, text
from mockidp.management.clients.client_search import find_by_grants
from mockidp.management.clients.credential_object import (
    credential_id,
    credentials_of,
    each_credential,
    named_ids,
    with_stored,
)
from mockidp.management.collection import Resource, Texts, ordered
from mockidp.management.listing import CHECKPOINT, ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body, invalid_query, not_found, refused
from mockidp.management.signing_keys import certificates_of
from mockidp.protocol.oauth.grant_types import DEFAULT_GRANT_TYPES
from mockidp.resources.checks import check_grant_type
from mockidp.resources.client import CLIENT, Client
from mockidp.resources.client_credential import Credential
from mockidp.tenant.content.try_client import TEST_CLIENT_ID
from mockidp.testing import records

_ORDER = (
    "tenant", "global", "name", "client_id", "client_secret", "app_type", "is_first_party",
    "is_token_endpoint_ip_header_trusted", "oidc_conformant", "jwt_configuration", "signing_keys",
    "sso_disabled", "cross_origin_authentication", "grant_types", "custom_login_page_on",
    "token_endpoint_auth_method", "callbacks", "refresh_token",
)  # fmt: skip
_POLICY_ORDER = (
    "rotation_type", "expiration_type", "leeway", "token_lifetime", "infinite_token_lifetime",
    "infinite_idle_token_lifetime", "idle_token_lifetime",
)  # fmt: skip
_ALWAYS = frozenset(
    {
        "name", "client_id", "client_secret", "is_first_party", "grant_types",
        "is_token_endpoint_ip_header_trusted", "cross_origin_authentication", "jwt_configuration",
        "refresh_token", "callbacks", "global",
    }
)  # fmt: skip
"""Fields that every client has. Others are shown if they differ from their default."""
_JWT = {"secret_encoded": False, "lifetime_in_seconds": 36000}
"""What `jwt_configuration` always has. Its `alg` is absent until it is set."""
_SECRETS = ("client_secret", "encryption_key", "signing_keys")
_SEES_SECRETS = ("read:client_keys", "update:client_keys")
_GLOBAL = ("global_client", "All Applications")
_MODE = "third_party_security_mode"


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
    shown["refresh_token"] = _show_refresh_tokens(complete["refresh_token"])
    shown["jwt_configuration"] = {**_JWT, **to_file(client.jwt_configuration)}
    shown["signing_keys"] = [certificates_of(call.tenant.keys.current)]
    shown = each_credential(
        shown, lambda one: {"id": credential_id(call.tenant, client, _read_credential(one))}
    )
    if shown.get("client_authentication_methods"):
        methods = shown["client_authentication_methods"]
        used = {name: one for name, one in methods.items() if one is not None}
        shown = {**shown, "client_authentication_methods": used}
    if not call.caller.may(*_SEES_SECRETS):
        shown = {name: one for name, one in shown.items() if name not in _SECRETS}
    return ordered(shown, _ORDER)


def _show_refresh_tokens(policy: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: one for name, one in policy.items() if one or name != "policies"}
    return ordered(shown, _POLICY_ORDER)


def _read_credential(shown: Mapping[str, Any]) -> Credential:
    return Credential(
        id=shown["id"],
        name=shown["name"],
        pem=shown["pem"],
        subject_dn=shown["subject_dn"],
    )


def _new(call: Call) -> Mapping[str, Any]:
    """Return the defaults of a new client."""
    ids = call.tenant.ids
    return {
        "client_id": ids.client_id(),
        "client_secret": ids.secret(),
        "oidc_conformant": False,
        "grant_types": list(DEFAULT_GRANT_TYPES),
        "refresh_token": {"infinite_token_lifetime": True, "infinite_idle_token_lifetime": True},
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
    """Check the name in the body, and that the client has the credentials that the body names."""
    _keep(call, client)
    if "name" in call.body:
        required_text(call, "name")
    _check_mode(call, client)
    known, named = credentials_of(call.tenant, client), named_ids(call.body)
    other = [one for one in named if one not in known]
    with call.tenant.trace.check("credentials", named=named, unknown=other):
        if other:
            raise not_found(
                "The credential does not exist.",
                hint=f"Client {client.client_id} has no credential with the id {other[0]!r}. Add "
                "it with POST /clients/{id}/credentials.",
            )


def _check_mode(call: Call, client: Client) -> None:
    held = client.third_party_security_mode or "permissive"
    sent = call.body.get(_MODE, held) or "permissive"
    with call.tenant.trace.check(_MODE, sent=sent, held=held):
        if sent != held:
            raise invalid_body(
                "Cannot be changed",
                at=_MODE,
                hint=f"`{_MODE}` of client {client.client_id} is {held}, and cannot be changed "
                "after its creation. Create another client.",
            )


def _check_new(call: Call, _fields: Mapping[str, Any]) -> None:
    required_text(call, "name")


def _check_body(call: Call) -> None:
    if call.body.get("client_secret") is not None:
        required_text(call, "client_secret")
    _check_grant_types(call)


def _check_grant_types(call: Call) -> None:
    sent = call.body.get("grant_types")
    names = [one for one in sent if isinstance(one, str)] if isinstance(sent, list) else []
    unknown = {one: wrong for one in names if (wrong := check_grant_type(one))}
    with call.tenant.trace.check("grant_types", unknown=list(unknown)):
        for name, wrong in unknown.items():
            meant = f" Did you mean {wrong.suggestion}?" if wrong.suggestion else ""
            raise refused(
                f"Invalid grant types: {', '.join(unknown)}",
                code="invalid_body",
                hint=f"Found {name!r}, expected {wrong.text}.{meant}",
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
    types=field_types.CLIENT,
    text_maps={"client_metadata": 10},
    filters={
        "is_global": lambda client, wanted: client.is_global is (wanted == "true"),
        "is_first_party": lambda client, wanted: client.is_first_party is (wanted == "true"),
        "app_type": lambda client, wanted: client.app_type in wanted.split(","),
    },
    check_body=_check_body,
    check_new=_check_new,
    check_change=_check_change,
    amend=with_stored,
    find_other=_find_global,
    others=_global_client,
    hidden=frozenset({TEST_CLIENT_ID}),
)


def client_in_body(call: Call) -> str | None:
    """Return the `client_id` in the body, which names a client if it is sent.

    Raises:
        ApiRefusal: It names none.
    """
    client_id = text(call, "client_id")
    client = call.tenant.directory.client(client_id) if client_id else None
    with call.tenant.trace.check("client", sent=client_id):
        if client_id is not None and client is None:
            raise not_found(
                "The client does not exist.",
                code="inexistent_client",
                hint=f"No client has the id {client_id!r}.",
            )
    return client_id


def _rotate_secret(call: Call) -> Any:
    client = CLIENTS.find(call, call.id)
    secret = call.tenant.ids.secret()
    changed = records.change(
        call.tenant, CLIENT, client.client_id, lambda held: {**held, "client_secret": secret}
    )
    return show_client(call, changed)


def _check_no_checkpoint(call: Call) -> None:
    sent = sorted(CHECKPOINT & call.query.keys())
    with call.tenant.trace.check("paging", sent=sent):
        if sent:
            raise invalid_query(
                f"Additional properties not allowed: {','.join(sent)}",
                hint="The list of clients has checkpoint paging only with `q`.",
            )


_FOUND = ListShape(key="clients", has_checkpoints=True, is_object=True)


def _list(call: Call) -> Any:
    if "q" not in call.query:
        _check_no_checkpoint(call)
        return CLIENTS.page(call)
    found = find_by_grants(call)
    clients = [one for one in CLIENTS.all(call) if one.client_id in found]
    return _FOUND.page(call, clients, lambda one: show_client(call, one), CLIENT.key_of)


OPERATIONS = (
    *(
        replace(one, handler=_list, query=one.query | {"q", *CHECKPOINT})
        if (one.method, one.path) == ("GET", CLIENTS.path)
        else one
        for one in CLIENTS.operations()
    ),
    Operation(
        title="Rotate a client secret",
        method="POST",
        path="/clients/{id}/rotate-secret",
        scopes=("update:client_keys",),
        handler=_rotate_secret,
    ),
)
