"""The answer of an authenticator as JSON: `authn_response`.

Spec: Web Authentication Level 3, 5.1 (RegistrationResponseJSON, AuthenticationResponseJSON).
Auth0: an object, or in a form its JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.frozen import frozen
from mockidp.protocol.oauth.parameters import load_json
from mockidp.protocol.tokens.base64url import unbase64url
from mockidp.protocol.webauthn.ceremony import PUBLIC_KEY

_ATTACHMENTS = ("platform", "cross-platform", None)
_MAX_TRANSPORTS = 10


@frozen
class AuthenticatorResponse:
    """An answer. A registration has an attestation object; a login has the last three fields."""

    credential_id: str
    """The id of the credential, in base64url."""
    client_data: bytes
    attestation_object: bytes = b""
    transports: tuple[str, ...] = ()
    authenticator_data: bytes = b""
    signature: bytes = b""
    user_handle: str = ""
    """In base64url; empty if it was not sent."""


def parse_response(sent: Any, *, is_new: bool) -> AuthenticatorResponse:
    """Return the answer in a request.

    Args:
        sent: The object, or its JSON.
        is_new: Whether it has to be the answer to a registration rather than to a login.

    Raises:
        ValueError: It is malformed. The text is a clause, such as "has no `id`".
    """
    sent = load_json(sent) if isinstance(sent, str) else sent
    _check_is_object(sent, "is not a JSON object")
    inner = sent.get("response")
    _check_is_object(inner, "has no object `response`")
    _check_head(sent)
    credential_id = str(sent["id"])
    _read(sent, "id")
    client_data = _read(inner, "clientDataJSON", "response.")
    if is_new:
        return AuthenticatorResponse(
            credential_id=credential_id,
            client_data=client_data,
            attestation_object=_read(inner, "attestationObject", "response."),
            transports=_transports(inner.get("transports")),
        )
    handle = inner.get("userHandle")
    if handle:
        _read(inner, "userHandle", "response.")
    return AuthenticatorResponse(
        credential_id=credential_id,
        client_data=client_data,
        authenticator_data=_read(inner, "authenticatorData", "response."),
        signature=_read(inner, "signature", "response."),
        user_handle=str(handle or ""),
    )


def _check_is_object(value: Any, clause: str) -> None:
    if not isinstance(value, Mapping):
        raise ValueError(clause)  # noqa: TRY004 - the input is wrong, not an argument


def _check_head(sent: Mapping[str, Any]) -> None:
    if sent.get("type") != PUBLIC_KEY:
        raise ValueError(f"has `type` {sent.get('type')!r:.40} instead of {PUBLIC_KEY}")
    if not sent.get("id") or sent.get("id") != sent.get("rawId"):
        raise ValueError("has no `id`, or another one in `rawId`. Send both in base64url")
    if sent.get("authenticatorAttachment") not in _ATTACHMENTS:
        raise ValueError("has an `authenticatorAttachment` other than platform or cross-platform")


def _read(values: Mapping[str, Any], name: str, path: str = "") -> bytes:
    text = values.get(name)
    if not isinstance(text, str) or not text:
        raise ValueError(f"has no `{path}{name}`")
    try:
        return unbase64url(text)
    except ValueError:
        raise ValueError(f"has a `{path}{name}` that is not base64url without padding") from None


def _transports(sent: Any) -> tuple[str, ...]:
    found = sent if isinstance(sent, list) else []
    return tuple(one for one in found[:_MAX_TRANSPORTS] if isinstance(one, str))
