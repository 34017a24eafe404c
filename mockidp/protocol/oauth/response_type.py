"""Response types: what an authorization response carries, and which grant types allow it.

Spec: RFC 6749 3.1.1; OAuth 2.0 Multiple Response Type Encoding Practices 2.1, 3 and 5.
Auth0: the words may come in any order; the client's `grant_types` decide (docs/fidelity.md).
"""

from __future__ import annotations

from mockidp.protocol.errors.oauth_error import (
    InvalidRequest,
    UnauthorizedClient,
    UnsupportedResponseType,
)
from mockidp.protocol.oauth.grant_types import AUTHORIZATION_CODE, IMPLICIT
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.oauth.response_mode import RESPONSE_MODES, ResponseMode
from mockidp.resources.client import Client

CODE = "code"
TOKEN = "token"
ID_TOKEN = "id_token"
RESPONSE_TYPES = (
    "code", "token", "id_token", "code token", "code id_token", "token id_token",
    "code token id_token",
)  # fmt: skip
"""All response types, in the order in which Auth0's discovery document lists them."""

_BY_WORDS = {frozenset(one.split()): one for one in RESPONSE_TYPES}


def normalize_response_type(text: str) -> str | None:
    """Return the response type in its canonical word order; None for an unknown one."""
    words = text.split()
    known = _BY_WORDS.get(frozenset(words))
    return known if known and len(known.split()) == len(words) else None


def parse_response_type(parameters: Parameters, client: Client) -> str:
    """Return the request's response type in its canonical word order.

    Raises:
        OAuthError: It is missing or unknown, or the client lacks a grant type that it needs.
    """
    sent = parameters.require("response_type")
    response_type = normalize_response_type(sent)
    if response_type is None:
        raise UnsupportedResponseType(
            f"Unsupported response type: {sent}",
            hint=f"Parameter `response_type` is {sent!r}. Use one of {', '.join(RESPONSE_TYPES)}.",
        )
    for grant_type in _needed_grant_types(response_type):
        if grant_type not in client.grant_types:
            raise UnauthorizedClient(
                f"Grant type '{grant_type}' not allowed for the client.",
                hint=f"Client {client.client_id} has the `grant_types` "
                f"{', '.join(client.grant_types)}. Add {grant_type}, which response type "
                f"{response_type!r} needs.",
            )
    return response_type


def _needed_grant_types(response_type: str) -> list[str]:
    words = response_type.split()
    needed = [AUTHORIZATION_CODE] if CODE in words else []
    return needed if words == [CODE] else [*needed, IMPLICIT]


def check_nonce(parameters: Parameters, response_type: str) -> None:
    """Require the `nonce` of an ID token from the front channel (OpenID Connect Core 3.2.2.1).

    Raises:
        InvalidRequest: There is no nonce.
    """
    if parameters.get("nonce") is None:
        raise InvalidRequest(
            "Missing required parameter: nonce",
            hint=f"Response type {response_type!r} returns an ID token through the browser, which "
            "requires a `nonce`. Send a random value and compare it with the token's claim.",
        )


def choose_response_mode(parameters: Parameters) -> ResponseMode:
    """Return the mode in which the request is answered, errors included.

    It is the requested one if the response type allows it, else the response type's default:
    `query` for a code and for an unknown type, `fragment` for everything else.
    """
    default: ResponseMode = "fragment" if _carries_tokens(parameters) else "query"
    wanted = parameters.raw().get("response_mode")
    for known in RESPONSE_MODES:
        if wanted == known and not (known == "query" and default == "fragment"):
            return known
    return default


def check_response_mode(parameters: Parameters) -> None:
    """Check `response_mode`.

    Raises:
        InvalidRequest: It is unknown, or `query` for a response that carries tokens.
    """
    mode = parameters.get("response_mode")
    if mode is None or mode == choose_response_mode(parameters):
        return
    hint = f"Parameter `response_mode` is {mode!r}. Use one of {', '.join(RESPONSE_MODES)}."
    if mode == "query":
        hint = (
            "Parameter `response_mode` is 'query', but tokens must not appear in a query string. "
            f"Use one of {', '.join(RESPONSE_MODES[1:])}, or response type `code`."
        )
    raise InvalidRequest(f"Unsupported response mode: {mode}", hint=hint)


def _carries_tokens(parameters: Parameters) -> bool:
    sent = parameters.raw().get("response_type")
    return isinstance(sent, str) and bool({TOKEN, ID_TOKEN} & set(sent.split()))
