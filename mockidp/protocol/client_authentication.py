"""Who a token request comes from: credentials in the body or in a Basic header.

Spec: RFC 6749 2.3.1.
Auth0: a wrong secret, a missing secret and an unknown client are all 401 `access_denied`
"Unauthorized"; a confidential client may use either place.
"""

from __future__ import annotations

import hmac
from base64 import b64decode
from dataclasses import dataclass
from urllib.parse import unquote_plus

from mockidp.protocol.client import Client
from mockidp.protocol.oauth_error import AccessDenied, InvalidRequest
from mockidp.protocol.parameters import Parameters


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientCredentials:
    """What a request says of its sender."""

    client_id: str
    client_secret: str | None


def parse_client_credentials(
    parameters: Parameters, authorization: str | None
) -> ClientCredentials:
    """Read the credentials from the body or the Basic header.

    Raises:
        InvalidRequest: None, both at once, two ids that differ, or a broken header.
    """
    body_id, body_secret = parameters.get("client_id"), parameters.get("client_secret")
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return ClientCredentials(
            client_id=parameters.require("client_id"), client_secret=body_secret
        )
    header_id, header_secret = _parse_basic(encoded)
    if body_secret is not None:
        raise InvalidRequest(
            "Multiple client authentication methods",
            hint="client_secret is in the body and a Basic header is there too: send one",
        )
    if body_id not in (None, header_id):
        raise InvalidRequest(
            "Multiple client authentication methods",
            hint=f"client_id is {body_id!r} in the body and {header_id!r} in the Basic header",
        )
    return ClientCredentials(client_id=header_id, client_secret=header_secret or None)


def _parse_basic(encoded: str) -> tuple[str, str]:
    """Undo base64 and then form encoding, which RFC 6749 2.3.1 asks for."""
    try:
        user_id, colon, password = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:
        user_id, colon, password = "", "", ""
    client_id, secret = unquote_plus(user_id), unquote_plus(password)
    if not colon or not client_id or "\0" in client_id + secret:
        raise InvalidRequest(
            "Invalid Authorization header",
            hint="the Basic header is not the base64 of client_id:client_secret",
        )
    return client_id, secret


def check_client_known(client: Client | None, credentials: ClientCredentials) -> Client:
    """Return the client that the credentials name.

    Raises:
        AccessDenied: 401 "Unauthorized", as for a wrong secret; the hint tells.
    """
    if client is None:
        raise _unauthorized(f"no client has the client_id {credentials.client_id!r}")
    return client


def check_client_secret(client: Client, credentials: ClientCredentials) -> None:
    """Check that the credentials are the client's own.

    Raises:
        AccessDenied: 401 "Unauthorized", whatever the cause; the hint tells it.
    """
    hint = _mismatch(client, credentials)
    if hint:
        raise _unauthorized(hint)


def _unauthorized(hint: str) -> AccessDenied:
    return AccessDenied("Unauthorized", status=401, hint=hint)


def _mismatch(client: Client, credentials: ClientCredentials) -> str:
    if client.is_public:
        return ""
    if credentials.client_secret is None:
        return (
            f"client {client.client_id} is confidential "
            f"(token_endpoint_auth_method {client.token_endpoint_auth_method}) and no "
            "client_secret was sent"
        )
    if client.client_secret is None:
        return f"client {client.client_id} has no client_secret in the tenant file: give it one"
    if hmac.compare_digest(client.client_secret.encode(), credentials.client_secret.encode()):
        return ""
    return f"the client_secret of client {client.client_id} is another one"
