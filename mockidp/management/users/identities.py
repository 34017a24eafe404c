"""Identities: link an account to a user, and unlink it.

Auth0: the linked account vanishes from the list of users, and its metadata is lost. Unlinked, it is
a user again. Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from mockidp.flows.accounts.linked import other_user_of, profile_data, user_of_identity
from mockidp.flows.hints.tokens import explain_access_token
from mockidp.flows.sessions.id_token_hint import verify_id_token
from mockidp.management.body import check_keys, checked_values
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import conflict, insufficient_scope, invalid_body, not_found
from mockidp.management.users.users import check_is_own, find_user
from mockidp.protocol.errors.refusal import ApiRefusal
from mockidp.protocol.tokens.claims import identities_of
from mockidp.protocol.tokens.jwt import InvalidJwt, expiry
from mockidp.resources.user import USER, User
from mockidp.tenant.timestamps import timestamp
from mockidp.testing import records

_BY_ID = ("provider", "user_id", "connection_id")


def _link(call: Call) -> Any:
    check_is_own(call, "update:users")
    tenant = call.tenant
    with tenant.backend.exclusive(), checked_values(call):
        primary = find_user(tenant, call.id)
        secondary = find_user(tenant, _secondary_id(call))
        _check_pair(call, primary, secondary)
        linked = [_linked(secondary, one) for one in _identities(secondary)]
        records.remove(tenant, USER, secondary.user_id)
        changed = records.change(
            tenant,
            USER,
            primary.user_id,
            lambda held: {**held, "identities": [*_identities(primary), *linked]},
        )
    tenant.trace.note(user=primary.user_id)
    return _show(changed)


def _secondary_id(call: Call) -> str:
    if "link_with" in call.body:
        check_keys(call, {"link_with"})
        return _subject_of(call, call.body["link_with"])
    check_keys(call, _BY_ID, required=("provider", "user_id"))
    with call.tenant.trace.check("identity_scope"):
        if not call.caller.may("update:users"):
            raise insufficient_scope(
                ["update:users"],
                hint="A token of the user can link an account only with `link_with`, an ID token "
                "of that account.",
            )
    provider, user_id = (_text(call, name) for name in ("provider", "user_id"))
    return user_id if user_id.startswith(f"{provider}|") else f"{provider}|{user_id}"


def _text(call: Call, name: str) -> str:
    sent = call.body[name]
    with call.tenant.trace.check(name, sent=sent):
        if not isinstance(sent, str):
            raise invalid_body("Expected type string", at=name, hint=f"Send `{name}` as a string.")
    return sent


def _subject_of(call: Call, token: Any) -> str:
    """Return the user of an ID token."""
    tenant = call.tenant
    with tenant.trace.check("link_with"):
        try:
            claims = verify_id_token(tenant, str(token))
            expires_at = expiry(claims)
        except InvalidJwt as error:
            why = explain_access_token(tenant, str(token)) or f"{error}"
            raise _wrong_token(f"The ID token in `link_with` is invalid. {why}") from None
        if expires_at is None or tenant.now() >= expires_at:
            raise _wrong_token("The ID token in `link_with` has expired. Log in again.")
        if claims.get("aud") != call.caller.client_id:
            raise _wrong_token(
                f"The ID token in `link_with` is for {claims.get('aud')}. It has to be an ID token "
                f"of the client of the access token, {call.caller.client_id}."
            )
    return str(claims.get("sub"))


def _wrong_token(hint: str) -> ApiRefusal:
    return ApiRefusal(HTTPStatus.BAD_REQUEST, "Invalid token", error_code="invalid_body", hint=hint)


def _check_pair(call: Call, primary: User, secondary: User) -> None:
    with call.tenant.trace.check("pair", primary=primary.user_id, secondary=secondary.user_id):
        if primary.user_id == secondary.user_id:
            raise ApiRefusal(
                HTTPStatus.BAD_REQUEST,
                "Main account and secondary account cannot be the same",
                error_code="operation_not_supported",
                hint=f"Both are {primary.user_id}.",
            )
        known = {_name(one) for one in _identities(primary)}
        again = [one for one in map(_name, _identities(secondary)) if one in known]
        if again:
            raise conflict(
                "Specified identity already exists.",
                code="identity_conflict",
                hint=f"User {primary.user_id} has the identity {again[0]} already.",
            )


def _identities(user: User) -> list[Mapping[str, Any]]:
    return [*(user.identities or identities_of(user))]


def _name(identity: Mapping[str, Any]) -> str:
    return f"{identity.get('provider')}|{identity.get('user_id')}"


def _linked(user: User, identity: Mapping[str, Any]) -> dict[str, Any]:
    """Return an identity with the profile of its account, which Auth0 shows first."""
    return {"profileData": profile_data(user), **identity}


def _show(user: User) -> list[dict[str, Any]]:
    return [
        {**({"profileData": one["profileData"]} if "profileData" in one else {}), **one}
        for one in identities_of(user)
    ]


def _unlink(call: Call) -> Any:
    check_is_own(call, "update:users")
    tenant, wanted = call.tenant, f"{call.ids[1]}|{call.ids[2]}"
    with tenant.backend.exclusive(), checked_values(call):
        user = find_user(tenant, call.id)
        identity = _find(call, user, wanted)
        now = timestamp(tenant.now())
        account = user_of_identity(wanted, identity, user.connection, now)
        _check_is_free(call, account)
        others = [one for one in user.identities if one != identity]
        changed = records.change(
            tenant, USER, user.user_id, lambda held: {**held, "identities": others}
        )
        tenant.directory.users.store.swap(wanted, None, account)
    tenant.trace.note(user=user.user_id)
    return _show(changed)


def _check_is_free(call: Call, account: User) -> None:
    other = other_user_of(call.tenant, account)
    with call.tenant.trace.check("other_user", other=other.user_id if other else None):
        if other is not None:
            raise conflict(
                "The user already exists.",
                code="auth0_idp_error",
                hint=f"Account {account.user_id} cannot be a user again, because user "
                f"{other.user_id} has its id, e-mail address or username. Delete or change that "
                "user first.",
            )


def _find(call: Call, user: User, wanted: str) -> Mapping[str, Any]:
    first, *linked = _identities(user)
    names = [_name(one) for one in linked]
    with call.tenant.trace.check("identity", sent=wanted, linked=names):
        if wanted == _name(first):
            raise ApiRefusal(
                HTTPStatus.BAD_REQUEST,
                "You can not unlink a primary identity",
                error_code="operation_not_supported",
                hint=f"Identity {wanted} is the primary one of user {user.user_id}.",
            )
        if wanted not in names:
            raise not_found(
                "The identity does not exist.",
                hint=f"Accounts that are linked to user {user.user_id}: "
                f"{', '.join(names) or 'none'}.",
            )
    return linked[names.index(wanted)]


_PATH = "/users/{id}/identities"
_SCOPES = ("update:users", "update:current_user_identities")
OPERATIONS = (
    Operation(
        title="Link a User Account", method="POST", path=_PATH, scopes=_SCOPES, handler=_link,
        status=HTTPStatus.CREATED,
    ),
    Operation(
        title="Unlink a User Identity", method="DELETE", path=f"{_PATH}/{{id}}/{{id}}",
        scopes=_SCOPES, handler=_unlink,
    ),
)  # fmt: skip
