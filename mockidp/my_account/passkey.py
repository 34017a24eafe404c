"""Passkeys in the My Account API: enroll one with a challenge, and show those of the user.

Auth0: the id in the path of `/verify` is `passkey|new`.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from mockidp.flows.passkeys.held import passkeys_of, user_handle_of
from mockidp.flows.passkeys.relying_party import check_installed
from mockidp.flows.passkeys.sign_up import store_credential
from mockidp.flows.passkeys.start import new_challenge, store_challenge
from mockidp.flows.passkeys.verify import read_response, take_challenge, verified_credential
from mockidp.management.operation import Call
from mockidp.my_account.body import check_members, invalid, read_string
from mockidp.protocol.login.passkeys import CHALLENGE_LIFETIME, PASSKEY, Passkey, PasskeyChallenge
from mockidp.protocol.my_account import MyAccountRefusal
from mockidp.resources.connection import Connection
from mockidp.resources.user import User
from mockidp.tenant.timestamps import timestamp

NEW = "passkey|new"
_USAGE = ["primary"]


def has_passkeys(call: Call, user: User) -> bool:
    """Return whether a user may enroll passkeys."""
    connection = call.tenant.directory.connection(user.connection)
    return connection is not None and connection.options.has_passkeys


def start_passkey(call: Call, user: User) -> dict[str, Any]:
    """Return the answer to the start of an enrollment."""
    tenant = call.tenant
    check_members(call, "type", "connection", "identity_user_id")
    check_installed(tenant)
    connection = _connection(call, user)
    _check_names(call, user)
    client = tenant.directory.client(call.caller.client_id)
    with tenant.trace.check("client", id=call.caller.client_id, found=client is not None):
        if client is None:
            raise MyAccountRefusal(
                HTTPStatus.FORBIDDEN,
                "The client of the token does not exist",
                hint=f"Client {call.caller.client_id} of the token was removed.",
            )
    challenge = new_challenge(
        tenant, call.url, client, connection,
        purpose="enroll", user_id=user.user_id, user_handle=user_handle_of(tenant, user),
    )  # fmt: skip
    name = user.email or user.username or user.user_id
    return {
        "auth_session": store_challenge(tenant, challenge),
        "authn_params_public_key": challenge.creation_options(name, user.name or name),
    }


def _connection(call: Call, user: User) -> Connection:
    """Return the user's connection, which has passkeys."""
    found = call.tenant.directory.connection(user.connection)
    enabled = found is not None and found.options.has_passkeys
    with call.tenant.trace.check("passkeys_enabled", connection=user.connection, enabled=enabled):
        if found is None or not enabled:
            raise MyAccountRefusal(
                HTTPStatus.FORBIDDEN,
                "Passkeys are not enabled for the connection",
                hint=f"Connection {user.connection} of user {user.user_id} has no passkeys. Set "
                "its `options.authentication_methods` to {passkey: {enabled: true}}.",
            )
    return found


def _check_names(call: Call, user: User) -> None:
    """Check that the body names the connection and the identity of the user, if any."""
    own = {"connection": user.connection, "identity_user_id": identity_of(user)}
    for name, expected in own.items():
        if name not in call.body:
            continue
        sent = read_string(call, name)
        with call.tenant.trace.check(name, sent=sent, expected=expected):
            if sent != expected:
                raise invalid(
                    name,
                    f"Invalid value of property: {name}",
                    hint=f"`{name}` is {sent!r:.80}, but that of user {user.user_id} is "
                    f"{expected}.",
                )


def verify_passkey(call: Call, user: User) -> dict[str, Any]:
    """Store the passkey that answers a challenge. Return the authentication method."""
    check_members(call, "auth_session", "authn_response")
    session = read_string(call, "auth_session")
    challenge = _challenge(call, user, session)
    response = read_response(
        call.tenant, call.body.get("authn_response"), is_new=True, malformed=_malformed
    )
    with call.tenant.trace.check("auth_session", found=True):
        if not take_challenge(call.tenant, session, challenge):
            raise _ended("The `auth_session` was used at the same time.")
    credential = verified_credential(call.tenant, challenge, response, _malformed)
    made = store_credential(
        call.tenant, challenge, user.user_id, credential, _malformed, user_agent=call.user_agent
    )
    return next(
        show_passkey(user, one) for one in passkeys_of(call.tenant, user.user_id) if one.id == made
    )


def _challenge(call: Call, user: User, session: str) -> PasskeyChallenge:
    entry = call.tenant.passkey_challenges.find(session)
    found = entry.value if entry and entry.is_good(call.tenant.now()) else None
    is_here = found is not None and (found.purpose, found.user_id) == ("enroll", user.user_id)
    with call.tenant.trace.check("auth_session", found=is_here):
        if found is None or not is_here:
            raise _ended(
                f"No enrollment of a passkey has this `auth_session`. It works once, for "
                f"{CHALLENGE_LIFETIME} seconds. Start the enrollment again."
            )
    return found


def _ended(hint: str) -> MyAccountRefusal:
    return invalid("auth_session", "Invalid auth_session", hint=hint)


def _malformed(hint: str) -> MyAccountRefusal:
    return invalid("authn_response", "Invalid authn_response", hint=hint)


def identity_of(user: User) -> str:
    """Return the id of the user's identity: the `user_id` without its prefix."""
    return user.user_id.partition("|")[2]


def show_passkey(user: User, one: Passkey) -> dict[str, Any]:
    """Return a passkey as JSON, in the key order of Auth0's SDKs."""
    shown: dict[str, Any] = {
        "id": one.id,
        "type": PASSKEY,
        "created_at": timestamp(one.created_at),
        "usage": _USAGE,
        "key_id": one.key_id,
        "public_key": one.public_key,
        "credential_device_type": one.device_type,
        "credential_backed_up": one.is_backed_up,
        "identity_user_id": identity_of(user),
        "user_handle": one.user_handle,
        "transports": list(one.transports),
        "user_agent": one.user_agent,
        "aaguid": one.aaguid,
        "relying_party_id": one.rp_id,
    }
    if one.last_auth_at:
        shown["last_auth_at"] = timestamp(one.last_auth_at)
    return shown
