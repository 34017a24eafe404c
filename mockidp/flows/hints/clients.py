"""Explain refused client credentials.

Auth0: the answer is the same in all cases: 401 `access_denied` "Unauthorized".
"""

from __future__ import annotations

from mockidp.flows.hints.known import list_known
from mockidp.flows.hints.tokens import describe_scheme
from mockidp.protocol.clients.authentication import (
    ClientCredentials,
    is_secret_of,
    secret_mismatch,
)
from mockidp.protocol.errors.repair import describe_placeholder, find_damage
from mockidp.resources.client import Client
from mockidp.tenant.directory import Directory

_NOT_ENCODED = (
    "The Basic header has the right values, but not in the form encoding that RFC 6749 2.3.1 "
    "requires. Encode `+` as %2B and `%` as %25 before base64, or set "
    "`accept_raw_basic_credentials`."
)


def hint_for_unknown_client(
    directory: Directory, sent: str, credentials: ClientCredentials | None = None
) -> str:
    """Explain an unknown client_id: what was probably meant by it."""
    clients = directory.clients
    if credentials and is_right_undecoded(directory, credentials):
        return _NOT_ENCODED
    damage = describe_placeholder(sent) or find_damage(sent, clients.__contains__)
    if damage:
        return f"It {damage}."
    named = next((one for one in clients.values() if sent == one.name), None)
    if named is not None:
        return f"It is the name of client {named.client_id}."
    return list_known("clients", sent, clients)


def hint_for_secret(
    directory: Directory,
    client: Client,
    credentials: ClientCredentials,
    authorization: str | None,
) -> str:
    """Explain a missing or wrong client secret; empty if the cause is unknown."""
    sent = credentials.client_secret
    if client.private_key_jwt is not None:
        return ""  # no secret would be right
    if sent is None:
        return credentials.why_no_secret or describe_scheme(authorization, "Basic")
    if is_right_undecoded(directory, credentials):
        return _NOT_ENCODED
    damage = describe_placeholder(sent) or find_damage(sent, lambda one: is_secret_of(client, one))
    if damage:
        return f"The secret that was sent {damage}."
    if sent == client.client_id:
        return "The client_id was sent as the secret."
    owner = next((one for one in directory.clients.values() if is_secret_of(one, sent)), None)
    return f"It is the secret of client {owner.client_id}." if owner else ""


def is_right_undecoded(directory: Directory, credentials: ClientCredentials) -> bool:
    """Return whether the values of a Basic header are right without form decoding."""
    undecoded = credentials.undecoded
    client = directory.clients.get(undecoded.client_id) if undecoded else None
    return bool(undecoded and client and not secret_mismatch(client, undecoded))
