"""Tokens for the SCIM endpoint of a connection.

Auth0: a token is shown once, and a connection has at most two. Source: docs/fidelity.md.
"""

from __future__ import annotations

from http import HTTPStatus
from math import inf
from typing import Any

from mockidp.management.body import check_keys, check_number, strings
from mockidp.management.connections.scim_configurations import (
    PATH,
    find_configuration,
    find_connection,
)
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import conflict, invalid_body
from mockidp.protocol.scim.token import (
    MAX_TOKENS,
    MIN_LIFETIME,
    SCIM_SCOPES,
    USER_SCOPES,
    ScimToken,
    digest_of,
)
from mockidp.resources.connection import Connection
from mockidp.storage.store import Entry
from mockidp.tenant.state.stores import CONNECTION
from mockidp.tenant.timestamps import timestamp

_MAX_LIFETIME = 10**10


def _show(token_id: str, entry: Entry[ScimToken], **secret: str) -> dict[str, Any]:
    one = entry.value
    shown = {
        "token_id": token_id,
        **secret,
        "scopes": list(one.scopes),
        "created_at": timestamp(one.created_at),
        "valid_until": None if entry.expires_at == inf else timestamp(entry.expires_at),
        "last_used_at": None if one.last_used_at is None else timestamp(one.last_used_at),
    }
    return {name: value for name, value in shown.items() if value is not None}


def _active(call: Call, connection: Connection) -> list[tuple[str, Entry[ScimToken]]]:
    now = call.tenant.now()
    found = call.tenant.scim_tokens.scan(CONNECTION, connection.id)
    return [(token_id, entry) for token_id, entry in found if entry.is_good(now)]


def _list(call: Call) -> Any:
    connection, _ = find_configuration(call)
    return [_show(token_id, entry) for token_id, entry in _active(call, connection)]


def _create(call: Call) -> Any:
    check_keys(call, ("scopes", "token_lifetime"))
    tenant, scopes, expires_at = call.tenant, _scopes(call), _expiry(call)
    with tenant.backend.exclusive():
        connection, _ = find_configuration(call)
        number = len(_active(call, connection))
        with tenant.trace.check("tokens", number=number):
            if number >= MAX_TOKENS:
                raise conflict(
                    f"A connection can have at most {MAX_TOKENS} SCIM tokens",
                    hint=f"Connection {connection.name} has {number} SCIM tokens. Delete one.",
                )
        token = tenant.ids.scim_token()
        made = ScimToken(
            connection_id=connection.id,
            digest=digest_of(token),
            scopes=scopes,
            created_at=tenant.now(),
        )
        token_id = token.partition(".")[0]
        tenant.scim_tokens.put(token_id, made, expires_at=expires_at)
    return _show(token_id, Entry(value=made, expires_at=expires_at), token=token)


def _scopes(call: Call) -> tuple[str, ...]:
    """Return the scopes of a new token: by default all for users."""
    if "scopes" not in call.body:
        return USER_SCOPES
    sent = strings(call, "scopes")
    other = [one for one in sent if one not in SCIM_SCOPES]
    with call.tenant.trace.check("scopes", sent=sent):
        if other or not sent:
            raise invalid_body(
                "No enum match for: " + other[0][:40] if other else "Array is too short (0)",
                at="scopes",
                hint=f"Send one or more of {', '.join(SCIM_SCOPES)}.",
            )
    return tuple(dict.fromkeys(sent))


def _expiry(call: Call) -> float:
    if call.body.get("token_lifetime") is None:
        return inf
    check_number(call, "token_lifetime", least=MIN_LIFETIME, most=_MAX_LIFETIME)
    return call.tenant.now() + float(call.body["token_lifetime"])


def _delete(call: Call) -> None:
    """Delete a token. An unknown one is not an error."""
    connection, token_id = find_connection(call), call.ids[1]
    if any(token_id == one for one, _ in call.tenant.scim_tokens.scan(CONNECTION, connection.id)):
        call.tenant.scim_tokens.delete(token_id)


_TOKENS = f"{PATH}/tokens"
OPERATIONS = (
    Operation(
        title="Get a connection's SCIM tokens", method="GET", path=_TOKENS,
        scopes=("read:scim_token",), handler=_list,
    ),
    Operation(
        title="Create a SCIM Token", method="POST", path=_TOKENS, scopes=("create:scim_token",),
        handler=_create, status=HTTPStatus.CREATED,
    ),
    Operation(
        title="Delete a connection's SCIM token", method="DELETE", path=f"{_TOKENS}/{{id}}",
        scopes=("delete:scim_token",), handler=_delete, status=HTTPStatus.NO_CONTENT,
    ),
)  # fmt: skip
