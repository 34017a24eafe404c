"""All operations of the My Account API."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from mockidp.flows.mfa.authenticators import is_enabled, replace_authenticator
from mockidp.flows.passkeys.methods import methods_of, remove_method
from mockidp.frozen import replace
from mockidp.management.operation import Call, Operation
from mockidp.my_account import connected_accounts
from mockidp.my_account.body import check_members, invalid, read_string
from mockidp.my_account.connected_accounts import PAGING
from mockidp.my_account.enroll import PREFERRED, check_channel, enroll, location_of
from mockidp.my_account.method import (
    FACTOR_OF,
    OTHER_TYPES,
    USAGE,
    find_method,
    show,
    type_of,
    user_of,
)
from mockidp.my_account.passkey import has_passkeys
from mockidp.my_account.verify import verify
from mockidp.protocol.login.passkeys import PASSKEY, Passkey
from mockidp.protocol.mfa.guardian import RECOVERY_CODE, SMS
from mockidp.protocol.mfa.records import Authenticator
from mockidp.protocol.my_account import (
    CREATE_ACCOUNTS,
    CREATE_METHODS,
    DELETE_ACCOUNTS,
    DELETE_METHODS,
    READ_ACCOUNTS,
    READ_FACTORS,
    READ_METHODS,
    UPDATE_METHODS,
)
from mockidp.resources.user import User

_LIST = "/v1/authentication-methods"
_ACCOUNTS = "/v1/connected-accounts"
_ONE = f"{_LIST}/{{id}}"


def _factors(call: Call) -> Any:
    user = user_of(call)
    enabled = [kind for kind, factor in FACTOR_OF.items() if is_enabled(call.tenant, factor)]
    primary = [{"type": PASSKEY, "usage": ["primary"]}] if has_passkeys(call, user) else []
    return {"factors": [*primary, *({"type": kind, "usage": USAGE} for kind in enabled)]}


def _list(call: Call) -> Any:
    user, wanted = user_of(call), call.query.get("type")
    known = (*FACTOR_OF, PASSKEY, *OTHER_TYPES)
    with call.tenant.trace.check("type", sent=wanted):
        if wanted is not None and wanted not in known:
            raise invalid(
                "type",
                "Invalid value of parameter: type",
                hint=f"Parameter `type` is {wanted!r:.60}. Send one of {', '.join(known)}.",
            )
    found = [
        show(user, one) for one in methods_of(call.tenant, user) if wanted in (None, type_of(one))
    ]
    return {"authentication_methods": found}


def _get(call: Call) -> Any:
    user = user_of(call)
    return show(user, find_method(call, user))


def _update(call: Call) -> Any:
    user = user_of(call)
    one = find_method(call, user)
    if isinstance(one, Passkey):
        check_members(call)
        return show(user, one)
    return _change(call, user, one)


def _change(call: Call, user: User, one: Authenticator) -> Any:
    """Rename an authenticator."""
    names = () if one.factor == RECOVERY_CODE else ("name",)
    check_members(call, *names, *((PREFERRED,) if one.factor == SMS else ()))
    if one.factor == SMS:
        check_channel(call)
    if "name" not in call.body:
        return show(user, one)
    label = read_string(call, "name")
    while not replace_authenticator(call.tenant, one, replace(one, label=label)):
        changed = find_method(call, user)  # another request has changed it
        one = changed if isinstance(changed, Authenticator) else one
    return show(user, find_method(call, user))


def _delete(call: Call) -> None:
    """Remove a method. An unknown one is not an error, as in the Management API."""
    user = user_of(call)
    for one in methods_of(call.tenant, user):
        if one.id == call.id:
            remove_method(call.tenant, one)


OPERATIONS = (
    Operation(
        title="Get the factors that can be enrolled", method="GET", path="/v1/factors",
        scopes=(READ_FACTORS,), handler=_factors,
    ),
    Operation(
        title="Get the authentication methods of the user", method="GET", path=_LIST,
        scopes=(READ_METHODS,), handler=_list, query=frozenset({"type"}),
    ),
    Operation(
        title="Start an enrollment", method="POST", path=_LIST, scopes=(CREATE_METHODS,),
        handler=enroll, status=HTTPStatus.ACCEPTED, locate=location_of,
    ),
    Operation(
        title="Get an authentication method", method="GET", path=_ONE, scopes=(READ_METHODS,),
        handler=_get,
    ),
    Operation(
        title="Update an authentication method", method="PATCH", path=_ONE,
        scopes=(UPDATE_METHODS,), handler=_update,
    ),
    Operation(
        title="Delete an authentication method", method="DELETE", path=_ONE,
        scopes=(DELETE_METHODS,), handler=_delete,
    ),
    Operation(
        title="Confirm an enrollment", method="POST", path=f"{_ONE}/verify",
        scopes=(CREATE_METHODS,), handler=verify, status=HTTPStatus.CREATED,
    ),
    Operation(
        title="Start to connect an account", method="POST", path=f"{_ACCOUNTS}/connect",
        scopes=(CREATE_ACCOUNTS,), handler=connected_accounts.connect, status=HTTPStatus.CREATED,
    ),
    Operation(
        title="Connect an account", method="POST", path=f"{_ACCOUNTS}/complete",
        scopes=(CREATE_ACCOUNTS,), handler=connected_accounts.complete, status=HTTPStatus.CREATED,
    ),
    Operation(
        title="Get the connected accounts of the user", method="GET", path=f"{_ACCOUNTS}/accounts",
        scopes=(READ_ACCOUNTS,), handler=connected_accounts.list_accounts,
        query=PAGING | {"connection"},
    ),
    Operation(
        title="Delete a connected account", method="DELETE", path=f"{_ACCOUNTS}/accounts/{{id}}",
        scopes=(DELETE_ACCOUNTS,), handler=connected_accounts.delete_account,
    ),
    Operation(
        title="Get the connections for connected accounts", method="GET",
        path=f"{_ACCOUNTS}/connections", scopes=(READ_ACCOUNTS,),
        handler=connected_accounts.list_connections, query=PAGING,
    ),
)  # fmt: skip
