"""Client authentication: a secret in the body or in a Basic header, or a client assertion.

Spec: RFC 6749 2.3.1; RFC 7523 2.2.
Auth0: a wrong secret, a missing secret and an unknown client are all 401 `access_denied`
"Unauthorized"; a confidential client may use either place.
"""

from __future__ import annotations

import hmac
from base64 import b64decode
from urllib.parse import unquote_plus

from mockidp.frozen import frozen
from mockidp.protocol.clients.assertion import claimed_client_id, parse_assertion
from mockidp.protocol.errors.oauth_error import AccessDenied, InvalidRequest
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.resources.client import Client

_MULTIPLE = "Multiple client authentication methods"
BASIC_CHALLENGE = 'Basic realm="clients"'


@frozen
class ClientCredentials:
    """The credentials of a request.

    Attributes:
        client_id: The client's id.
        client_secret: Its secret, if one was sent.
        why_no_secret: Where the secret was sent instead, for the hint.
        assertion: The client assertion, if one was sent in place of a secret.
        undecoded: The values of a Basic header before form decoding, if they differ.
    """

    client_id: str
    client_secret: str | None
    why_no_secret: str = ""
    assertion: str | None = None
    undecoded: ClientCredentials | None = None


def parse_client_credentials(
    parameters: Parameters, authorization: str | None
) -> ClientCredentials:
    """Parse the credentials of a request: secret in the body or Basic header, or assertion.

    Raises:
        InvalidRequest: There are none, or two of them, or the header is malformed.
        InvalidClient: The client assertion is malformed.
    """
    body_id, body_secret = parameters.get("client_id"), parameters.get("client_secret")
    scheme, _, encoded = (authorization or "").strip().partition(" ")
    is_basic = scheme.lower() == "basic"
    assertion = parse_assertion(parameters)
    if assertion is not None:
        has_secret = is_basic or body_secret is not None
        return _with_assertion(parameters, assertion, has_secret=has_secret)
    if not is_basic:
        return ClientCredentials(
            client_id=parameters.require("client_id"),
            client_secret=body_secret,
            why_no_secret="" if body_secret else parameters.why_absent("client_secret"),
        )
    credentials = _parse_basic(encoded)
    if body_secret is not None:
        raise InvalidRequest(
            _MULTIPLE,
            hint="The `client_secret` was sent in body and Basic header. Send only one.",
        )
    if body_id not in (None, credentials.client_id):
        raise InvalidRequest(
            _MULTIPLE,
            hint=f"The `client_id` is {body_id!r} in the body and {credentials.client_id!r} in the "
            "Basic header.",
        )
    return credentials


def _with_assertion(
    parameters: Parameters, assertion: str, *, has_secret: bool
) -> ClientCredentials:
    if has_secret:
        raise InvalidRequest(
            _MULTIPLE,
            hint="The request has a client assertion and a client secret. Send only one of them.",
        )
    claimed = claimed_client_id(assertion)
    return ClientCredentials(
        client_id=parameters.get("client_id") or claimed,
        client_secret=None,
        assertion=assertion,
    )


def _parse_basic(encoded: str) -> ClientCredentials:
    """Decode base64 and then form encoding, which RFC 6749 2.3.1 requires."""
    try:
        user_id, colon, password = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:
        user_id, colon, password = "", "", ""
    client_id, secret = unquote_plus(user_id), unquote_plus(password)
    if not colon or not client_id or "\0" in client_id + secret:
        raise InvalidRequest(
            "Invalid Authorization header",
            hint="The Basic header is not the base64 of `client_id:client_secret`.",
        )
    undecoded = ClientCredentials(client_id=user_id, client_secret=password or None)
    return ClientCredentials(
        client_id=client_id,
        client_secret=secret or None,
        undecoded=undecoded if (user_id, password) != (client_id, secret) else None,
    )


def unknown_client(client_id: str, hint: str) -> AccessDenied:
    """Return the refusal of an unknown client: 401 "Unauthorized", as for a wrong secret."""
    return _unauthorized(f"No client has the `client_id` {client_id!r}. {hint}")


def wrong_secret(mismatch: str, hint: str) -> AccessDenied:
    """Return the refusal of wrong credentials: 401 "Unauthorized" for every cause."""
    return _unauthorized(f"{mismatch} {hint}" if hint else mismatch)


def _unauthorized(hint: str) -> AccessDenied:
    return AccessDenied("Unauthorized", status=401, hint=hint)


def secret_mismatch(client: Client, credentials: ClientCredentials) -> str:
    """Explain why the credentials are not the client's; empty if they are."""
    if client.private_key_jwt is not None:
        return _other_method(client, credentials)
    if client.is_public:
        return ""
    if credentials.client_secret is None:
        method = client.token_endpoint_auth_method or "client_secret_post"
        return (
            f"Client {client.client_id} is confidential (`token_endpoint_auth_method` {method}), "
            "but no `client_secret` was sent."
        )
    if client.client_secret is None:
        return f"Client {client.client_id} has no `client_secret` in the tenant file. Give it one."
    if is_secret_of(client, credentials.client_secret):
        return ""
    return f"The `client_secret` is not that of client {client.client_id}."


def _other_method(client: Client, credentials: ClientCredentials) -> str:
    """Explain that a client authenticates with an assertion and not with a secret."""
    has_secret = credentials.client_secret is not None
    sent = "a `client_secret` was sent" if has_secret else "no `client_assertion` was sent"
    return (
        f"Client {client.client_id} authenticates with private_key_jwt, but {sent}. Send a "
        "`client_assertion` that is signed with a key of the client, or remove "
        "`client_authentication_methods` from the client so that it authenticates with a secret."
    )


def is_secret_of(client: Client, secret: str) -> bool:
    """Return whether a text is the client's secret."""
    return client.client_secret is not None and hmac.compare_digest(
        client.client_secret.encode(), secret.encode("utf-8", "surrogatepass")
    )
