"""Accounts of users at other services (Token Vault), and risk assessments, which mockidp lacks.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

from mockidp.flows.connected_accounts.token_vault import accounts_of, remove_account
from mockidp.management.body import check_keys, required_text, strings
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body
from mockidp.management.users.users import find_user
from mockidp.protocol.oauth.scope import make_scope
from mockidp.resources.connected_account import ConnectedAccount
from mockidp.tenant.timestamps import timestamp

_ASSESSOR = "new-device"
_ACCOUNTS = ListShape(key="connected_accounts", has_checkpoints=True, is_object=True)


def _list_accounts(call: Call) -> Any:
    accounts = accounts_of(call.tenant, find_user(call.tenant, call.id))
    return _ACCOUNTS.page(call, accounts, partial(_show_account, call), lambda one: one.id)


def _show_account(call: Call, account: ConnectedAccount) -> Mapping[str, Any]:
    connection = call.tenant.directory.connections[account.connection]
    return {
        "id": account.id,
        "connection": connection.name,
        "connection_id": connection.id,
        "strategy": connection.strategy,
        "access_type": "offline",
        "scopes": list(account.scopes),
        "created_at": account.created_at,
    }


def _list_tokensets(call: Call) -> Any:
    accounts = accounts_of(call.tenant, find_user(call.tenant, call.id))
    return [
        {
            "id": one.id,
            "connection": one.connection,
            "scope": make_scope(one.scopes),
            "expires_at": timestamp(one.expires_at) if one.expires_at is not None else None,
            "issued_at": one.created_at,
        }
        for one in accounts
    ]


def _delete_tokenset(call: Call) -> None:
    """Delete a set of tokens. Auth0: an unknown one is not an error."""
    remove_account(call.tenant, find_user(call.tenant, call.id), call.ids[1])


def _clear_risk(call: Call) -> None:
    """Clear nothing, because no login is assessed here."""
    check_keys(call, ("connection", "assessors"), required=("connection", "assessors"))
    required_text(call, "connection")
    sent = strings(call, "assessors")
    user, name = find_user(call.tenant, call.id), call.body["connection"]
    with call.tenant.trace.check("assessors", sent=sent):
        if not sent:
            raise invalid_body(
                "Array is too short (0), minimum 1", at="assessors", hint="Send [new-device]."
            )
        for index, one in enumerate(sent):
            if one != _ASSESSOR:
                raise invalid_body(
                    f"No enum match for: {one}",
                    at=f"assessors[{index}]",
                    hint=f"{one[:40]!r} is not an assessor. The only one is {_ASSESSOR}.",
                )
    if name != user.connection:
        call.tenant.trace.advise(
            f"User {user.user_id} belongs to connection {user.connection}, not to {name[:40]!r}."
        )


_TOKENSETS = "/users/{id}/federated-connections-tokensets"
OPERATIONS = (
    Operation(
        title="Get a User's Connected Accounts", method="GET",
        path="/users/{id}/connected-accounts", scopes=("read:users",), handler=_list_accounts,
        query=_ACCOUNTS.parameters,
    ),
    Operation(
        title="Get a list of federated connections tokensets", method="GET", path=_TOKENSETS,
        scopes=("read:federated_connections_tokens",), handler=_list_tokensets,
    ),
    Operation(
        title="Deletes a tokenset for federated connections by id", method="DELETE",
        path=f"{_TOKENSETS}/{{id}}", scopes=("delete:federated_connections_tokens",),
        handler=_delete_tokenset, status=HTTPStatus.NO_CONTENT,
    ),
    Operation(
        title="Clear risk assessment assessors for a specific user", method="POST",
        path="/users/{id}/risk-assessments/clear", scopes=("update:users",),
        handler=_clear_risk, status=HTTPStatus.NO_CONTENT,
    ),
)  # fmt: skip
