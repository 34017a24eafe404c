"""All operations of the My Account API."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from mockidp.flows.mfa.authenticators import (
    authenticators_of,
    is_enabled,
    remove_authenticator,
    replace_authenticator,
)
from mockidp.management.operation import Call, Operation
from mockidp.my_account.body import check_members, invalid, read_string
from mockidp.my_account.enroll import PREFERRED, check_channel, enroll, location_of
from mockidp.my_account.method import (
    FACTOR_OF,
    OTHER_TYPES,
    TYPE_OF,
    USAGE,
    find_method,
    show,
    user_of,
)
from mockidp.my_account.verify import verify
from mockidp.protocol.guardian import RECOVERY_CODE, SMS
from mockidp.protocol.my_account import (
    CREATE_METHODS,
    DELETE_METHODS,
    READ_FACTORS,
    READ_METHODS,
    UPDATE_METHODS,
)

_LIST = "/v1/authentication-methods"
_ONE = f"{_LIST}/{{id}}"


def _factors(call: Call) -> Any:
    user_of(call)
    enabled = [kind for kind, factor in FACTOR_OF.items() if is_enabled(call.tenant, factor)]
    return {"factors": [{"type": kind, "usage": USAGE} for kind in enabled]}


def _list(call: Call) -> Any:
    user, wanted = user_of(call), call.query.get("type")
    known = (*FACTOR_OF, *OTHER_TYPES)
    with call.tenant.trace.check("type", sent=wanted):
        if wanted is not None and wanted not in known:
            raise invalid(
                "type",
                "Invalid value of parameter: type",
                hint=f"Parameter `type` is {wanted!r:.60}. Send one of {', '.join(known)}.",
            )
    found = [
        show(user, one)
        for one in authenticators_of(call.tenant, user)
        if wanted in (None, TYPE_OF[one.factor])
    ]
    return {"authentication_methods": found}


def _get(call: Call) -> Any:
    user = user_of(call)
    return show(user, find_method(call, user))


def _update(call: Call) -> Any:
    user = user_of(call)
    one = find_method(call, user)
    names = () if one.factor == RECOVERY_CODE else ("name",)
    check_members(call, *names, *((PREFERRED,) if one.factor == SMS else ()))
    if one.factor == SMS:
        check_channel(call)
    if "name" not in call.body:
        return show(user, one)
    label = read_string(call, "name")
    while not replace_authenticator(call.tenant, one, replace(one, label=label)):
        one = find_method(call, user)  # another request has changed it
    return show(user, find_method(call, user))


def _delete(call: Call) -> None:
    """Remove an authenticator. An unknown one is not an error, as in the Management API."""
    user = user_of(call)
    for one in authenticators_of(call.tenant, user):
        if one.id == call.id:
            remove_authenticator(call.tenant, one)


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
)  # fmt: skip
