"""Accounts of users at other services, and risk assessments. mockidp has none.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from mockidp.management.body import check_keys
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.users import find_user

_ACCOUNTS = ListShape(key="connected_accounts", has_checkpoints=True, is_object=True)


def _list_accounts(call: Call) -> Any:
    find_user(call.tenant, call.id)
    return _ACCOUNTS.page(call, (), lambda one: one)


def _list_tokensets(call: Call) -> Any:
    find_user(call.tenant, call.id)
    return []


def _delete_tokenset(call: Call) -> None:
    """Delete a set of tokens. Auth0: an unknown one is not an error."""
    find_user(call.tenant, call.id)


def _clear_risk(call: Call) -> None:
    check_keys(call, ("connection", "assessors"), required=("connection", "assessors"))
    find_user(call.tenant, call.id)


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
