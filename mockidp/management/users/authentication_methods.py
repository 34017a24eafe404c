"""Authentication methods of users: their second factors and passkeys.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from mockidp.flows.mfa.authenticators import (
    authenticators_of,
    new_authenticator,
    remove_authenticator,
    replace_authenticator,
)
from mockidp.flows.passkeys.held import replace_passkey
from mockidp.flows.passkeys.methods import AuthenticationMethod, methods_of, remove_method
from mockidp.frozen import replace
from mockidp.management.artifacts.artifact_fields import shown_time
from mockidp.management.body import check_keys, check_keys_of
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body, not_found
from mockidp.management.users.passkeys import (
    FIELDS,
    add_new_passkey,
    check_can_replace,
    check_new_passkey,
    show_passkey,
)
from mockidp.management.users.users import find_user
from mockidp.protocol.login.passkeys import PASSKEY, Passkey
from mockidp.protocol.mfa.guardian import EMAIL, OTP, PUSH, SMS
from mockidp.protocol.mfa.records import Authenticator, Factor
from mockidp.resources.checks import check_email
from mockidp.resources.mfa_factor import check_phone_number, check_totp_secret
from mockidp.resources.rules import Expected
from mockidp.resources.user import User

_METHODS = ListShape(key="authenticators", order=("authenticators", "total", "start", "limit"))
_TYPES: Mapping[str, str] = {OTP: "totp", SMS: "phone", PUSH: "push"}
_NEW: Mapping[str, tuple[Factor, str, Callable[[str], Expected | None]]] = {
    "totp": (OTP, "totp_secret", check_totp_secret),
    "phone": (SMS, "phone_number", check_phone_number),
    "email": (EMAIL, "email", check_email),
}
"""The types that an administrator can add: the factor, its field, and the check of that."""
_FIELDS = ("type", "name", "totp_secret", "phone_number", "email", *FIELDS)
_SHOWN = 4


def _show(user: User, one: AuthenticationMethod) -> dict[str, Any]:
    """Return an authentication method in a list, without the address."""
    if isinstance(one, Passkey):
        return show_passkey(one)
    return _ordered(user, one, {"confirmed": one.is_active}, _mask)


def _show_changed(user: User, one: AuthenticationMethod) -> dict[str, Any]:
    """Return an authentication method that a call has made or changed, with address and id last."""
    if isinstance(one, Passkey):
        shown = show_passkey(one)
    else:
        shown = _ordered(user, one, {}, lambda factor: factor.address)
    for name in ("email", "phone_number", "id"):
        if name in shown:
            shown[name] = shown.pop(name)
    return shown


def _ordered(
    user: User,
    one: Authenticator,
    confirmed: Mapping[str, bool],
    address: Callable[[Authenticator], str],
) -> dict[str, Any]:
    names = {EMAIL: "email", SMS: "phone_number"}
    created_at = shown_time(one.created_at) if one.created_at else user.created_at
    return {
        "id": one.id,
        "type": _TYPES.get(one.factor, one.factor),
        **confirmed,
        **({"name": one.label} if one.label else {}),
        **({names[one.factor]: address(one)} if one.factor in names else {}),
        "created_at": created_at,
    }


def _mask(one: Authenticator) -> str:
    if one.factor == SMS:
        return one.name
    local, _, domain = one.address.partition("@")
    return f"{_hidden(local)}@{_hidden(domain)}"


def _hidden(text: str) -> str:
    return text[:_SHOWN] + "*" * max(len(text) - _SHOWN, 0)


def _list(call: Call) -> Any:
    user = find_user(call.tenant, call.id)
    return _METHODS.page(call, methods_of(call.tenant, user), lambda one: _show(user, one))


def _find(call: Call) -> tuple[User, AuthenticationMethod]:
    user = find_user(call.tenant, call.id)
    found = {one.id: one for one in methods_of(call.tenant, user)}
    with call.tenant.trace.check("authentication_method", id=call.ids[1], known=list(found)):
        if call.ids[1] not in found:
            raise not_found(
                "The authentication method does not exist.",
                hint=f"Authentication methods of user {user.user_id}: "
                f"{', '.join(found) or 'none'}.",
            )
    return user, found[call.ids[1]]


def _get(call: Call) -> Any:
    return _show(*_find(call))


def _create(call: Call) -> Any:
    user = find_user(call.tenant, call.id)
    check_keys(call, _FIELDS, required=("type",))
    _check_new(call, user, call.body)
    return _show_changed(user, _add(call, user, call.body))


def _check_new(call: Call, user: User, sent: Mapping[str, Any]) -> None:
    kind = sent["type"]
    if kind == PASSKEY:
        check_new_passkey(call, user, sent)
        return
    with call.tenant.trace.check("type", sent=kind):
        if not isinstance(kind, str) or kind not in _NEW:
            raise invalid_body(
                f"No enum match for: {str(kind)[:40]}",
                at="type",
                hint=f"`type` is {str(kind)[:40]!r}. The types that can be added are "
                f"{', '.join((*_NEW, PASSKEY))}.",
            )
        _, field, check = _NEW[kind]
        check_keys_of(sent, ("type", "name", field), required=(field,))
        for name in sent:
            if not isinstance(sent[name], str):
                raise invalid_body(
                    "Expected type string", at=name, hint=f"Send `{name}` as a string."
                )
        if wrong := check(sent[field]):
            raise invalid_body(
                f"Expected {wrong.text}", at=field, hint=f"Send `{field}` as {wrong.text}."
            )


def _add(call: Call, user: User, sent: Mapping[str, Any]) -> AuthenticationMethod:
    if sent["type"] == PASSKEY:
        return add_new_passkey(call, user, sent)
    factor, field, _ = _NEW[sent["type"]]
    value = {"secret" if factor == OTP else "address": sent[field]}
    return new_authenticator(
        call.tenant, user.user_id, factor, is_active=True, label=sent.get("name", ""), **value
    )


def _replace_all(call: Call) -> Any:
    user = find_user(call.tenant, call.id)
    for one in call.items:
        with call.tenant.trace.check("item"):
            if not isinstance(one, dict):
                raise invalid_body("Expected type object", hint="Send a list of objects.")
            check_keys_of(one, _FIELDS, required=("type",))
        _check_new(call, user, one)
    with call.tenant.backend.exclusive():
        check_can_replace(call, user, call.items)
        remove_all(call, user)
        return [_show_changed(user, _add(call, user, one)) for one in call.items]


def remove_all(call: Call, user: User) -> None:
    """Remove all authentication methods of a user."""
    for one in methods_of(call.tenant, user):
        remove_method(call.tenant, one)


def _patch(call: Call) -> Any:
    _, one = _find(call)
    check_keys(call, {"name"}, required=("name",))
    with call.tenant.trace.check("name"):
        if not isinstance(call.body["name"], str):
            raise invalid_body("Expected type string", at="name", hint="Send `name` as a string.")
    while not _rename(call, one):  # a login used it meanwhile
        _, one = _find(call)
    return _show_changed(*_find(call))


def _rename(call: Call, one: AuthenticationMethod) -> bool:
    """Give a method another name. Return whether it was unchanged until now."""
    if isinstance(one, Passkey):
        return replace_passkey(call.tenant, one, replace(one, label=call.body["name"]))
    return replace_authenticator(call.tenant, one, replace(one, label=call.body["name"]))


def _delete(call: Call) -> None:
    _, one = _find(call)
    remove_method(call.tenant, one)


def _delete_all(call: Call) -> None:
    remove_all(call, find_user(call.tenant, call.id))


def _delete_authenticators(call: Call) -> None:
    user = find_user(call.tenant, call.id)
    for one in authenticators_of(call.tenant, user):
        remove_authenticator(call.tenant, one)


_ALL, _ONE = "/users/{id}/authentication-methods", "/users/{id}/authentication-methods/{id}"
_OF = {verb: (f"{verb}:authentication_methods",) for verb in ("read", "create", "update", "delete")}
OPERATIONS = (
    Operation(
        title="Get a list of authentication methods", method="GET", path=_ALL,
        scopes=_OF["read"], handler=_list, query=_METHODS.parameters,
    ),
    Operation(
        title="Creates an authentication method for a given user", method="POST", path=_ALL,
        scopes=_OF["create"], handler=_create, status=HTTPStatus.CREATED,
    ),
    Operation(
        title="Update all authentication methods by replacing them with the given ones",
        method="PUT", path=_ALL, scopes=_OF["update"], handler=_replace_all, has_list=True,
    ),
    Operation(
        title="Delete all authentication methods for the given user", method="DELETE", path=_ALL,
        scopes=_OF["delete"], handler=_delete_all, status=HTTPStatus.NO_CONTENT,
    ),
    Operation(
        title="Get an authentication method by ID", method="GET", path=_ONE, scopes=_OF["read"],
        handler=_get,
    ),
    Operation(
        title="Update an authentication method", method="PATCH", path=_ONE,
        scopes=_OF["update"], handler=_patch,
    ),
    Operation(
        title="Delete an authentication method by ID", method="DELETE", path=_ONE,
        scopes=_OF["delete"], handler=_delete, status=HTTPStatus.NO_CONTENT,
    ),
    Operation(
        title="Delete All Authenticators", method="DELETE", path="/users/{id}/authenticators",
        scopes=("delete:guardian_enrollments",), handler=_delete_authenticators,
        status=HTTPStatus.NO_CONTENT,
    ),
)  # fmt: skip
