"""Passkeys of users, as authentication methods of the type `passkey`.

Source: docs/fidelity.md. A public key is a COSE key in base64.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mockidp.flows.passkeys.held import add_passkey, user_handle_of
from mockidp.flows.passkeys.relying_party import check_installed, relying_party_id
from mockidp.management.artifacts.artifact_fields import shown_time
from mockidp.management.body import check_keys_of
from mockidp.management.operation import Call
from mockidp.management.refusals import conflict, invalid_body
from mockidp.protocol.errors.refusal import ApiRefusal
from mockidp.protocol.login.passkeys import MAX_PASSKEYS, PASSKEY, Passkey
from mockidp.protocol.tokens.base64url import base64url, decode_secret, unbase64url
from mockidp.protocol.webauthn.cose import load_public_key
from mockidp.protocol.webauthn.verification import NewCredential
from mockidp.resources.user import User

FIELDS = (
    "key_id", "public_key", "aaguid", "relying_party_identifier", "credential_device_type",
    "credential_backed_up", "identity_user_id", "user_agent", "user_handle", "transports",
)  # fmt: skip
"""The fields of a new passkey, apart from those of all methods."""
_BASE64URL = re.compile(r"[A-Za-z0-9_-]{1,1364}")
_AAGUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_DEVICE_TYPES = ("single_device", "multi_device")
_MAX_TEXT = 500


def show_passkey(one: Passkey) -> dict[str, Any]:
    """Return a passkey, in the key order of Auth0's SDKs."""
    return {
        "id": one.id,
        "type": PASSKEY,
        **({"name": one.label} if one.label else {}),
        "key_id": one.key_id,
        "public_key": b64encode(unbase64url(one.public_key)).decode(),
        "created_at": shown_time(one.created_at),
        **({"last_auth_at": shown_time(one.last_auth_at)} if one.last_auth_at else {}),
        "credential_device_type": one.device_type,
        "credential_backed_up": one.is_backed_up,
        "identity_user_id": one.user_id.partition("|")[2],
        "user_agent": one.user_agent,
        "user_handle": one.user_handle,
        "transports": list(one.transports),
        "aaguid": one.aaguid,
        "relying_party_identifier": one.rp_id,
    }


def check_new_passkey(call: Call, user: User, sent: Mapping[str, Any]) -> None:
    """Check the body of a new passkey.

    Raises:
        ApiRefusal: A field is missing or wrong.
    """
    check_installed(call.tenant)
    own = user.user_id.partition("|")[2]
    with call.tenant.trace.check("passkey", names=tuple(sent)):
        check_keys_of(sent, ("type", "name", *FIELDS), required=("key_id", "public_key"))
        for name, value in sent.items():
            expected, is_good = _EXPECTED.get(name, _TEXT)
            if not is_good(value):
                raise invalid_body(
                    f"Expected {expected}", at=name, hint=f"Send `{name}` as {expected}."
                )
        if sent.get("identity_user_id", own) != own:
            raise invalid_body(
                "Expected the id of an identity of the user",
                at="identity_user_id",
                hint=f"Send `identity_user_id` as {own}, the id of user {user.user_id} without "
                "its prefix.",
            )


def add_new_passkey(call: Call, user: User, sent: Mapping[str, Any]) -> Passkey:
    """Store and return a passkey whose body was checked.

    Raises:
        ApiRefusal: 409, because the credential is known, or the user has too many.
    """
    credential = NewCredential(
        id=sent["key_id"],
        public_key=base64url(decode_secret(sent["public_key"])),
        aaguid=sent.get("aaguid", ""),
        is_backup_eligible=sent.get("credential_device_type") == "multi_device",
        is_backed_up=sent.get("credential_backed_up", False),
        transports=tuple(sent.get("transports", ())),
    )
    made = add_passkey(
        call.tenant,
        user.user_id,
        credential,
        user_handle=sent.get("user_handle") or user_handle_of(call.tenant, user),
        rp_id=sent.get("relying_party_identifier") or relying_party_id(call.tenant, call.url),
        user_agent=sent.get("user_agent", ""),
        label=sent.get("name", ""),
    )
    with call.tenant.trace.check("new_passkey", key_id=sent["key_id"], is_new=made is not None):
        if made is None:
            raise _exists()
    return made


def check_can_replace(call: Call, user: User, items: Sequence[Mapping[str, Any]]) -> None:
    """Check that checked bodies can replace all authentication methods of a user.

    Raises:
        ApiRefusal: 409, because a credential is there twice or another user's, or too many are.
    """
    keys = [one["key_id"] for one in items if one["type"] == PASSKEY]
    held = [call.tenant.passkeys.get(key) for key in keys]
    others = [one.key_id for one in held if one is not None and one.user_id != user.user_id]
    with call.tenant.trace.check("new_passkeys", key_ids=keys, of_others=others):
        if others or len(keys) > min(len(set(keys)), MAX_PASSKEYS):
            raise _exists()


def _exists() -> ApiRefusal:
    return conflict(
        "The passkey already exists, or the user has too many.",
        hint="A user has a passkey with this `key_id`, or this user has as many as Auth0 allows. "
        "Delete one first.",
    )


def _is_public_key(value: Any) -> bool:
    try:
        load_public_key(decode_secret(value))
    except (ValueError, AttributeError):
        return False
    return True


def _is_base64url(value: Any) -> bool:
    return isinstance(value, str) and _BASE64URL.fullmatch(value) is not None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _MAX_TEXT


_TEXT: tuple[str, Callable[[Any], bool]] = ("a string", _is_text)
_EXPECTED: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "key_id": ("base64url without padding", _is_base64url),
    "user_handle": ("base64url without padding", _is_base64url),
    "public_key": ("a COSE key of EdDSA, ES256 or RS256 in base64", _is_public_key),
    "aaguid": ("a UUID", lambda value: _is_text(value) and _AAGUID.fullmatch(value) is not None),
    "credential_device_type": ("single_device or multi_device", lambda one: one in _DEVICE_TYPES),
    "credential_backed_up": ("a boolean", lambda one: isinstance(one, bool)),
    "transports": (
        "a list of strings",
        lambda one: isinstance(one, list) and all(map(_is_text, one)),
    ),
}
"""What a field has to be, and its check."""
