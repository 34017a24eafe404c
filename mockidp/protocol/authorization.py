"""The parameters of an authorization request, once its client and redirect URI are known.

Spec: RFC 6749 4.1.1; OpenID Connect Core 3.1.2.1.
Auth0: `docs/fidelity.md`, "/authorize".
"""

from __future__ import annotations

from mockidp.protocol import client as grant_types
from mockidp.protocol.client import Client
from mockidp.protocol.oauth_error import (
    InvalidRequest,
    RequestNotSupported,
    RequestUriNotSupported,
    UnauthorizedClient,
    UnsupportedResponseType,
)
from mockidp.protocol.parameters import Parameters
from mockidp.protocol.response_mode import RESPONSE_MODES, ResponseMode

RESPONSE_TYPES = ("code",)
_RESPONSE_TYPES_OF_AUTH0 = frozenset(
    frozenset(one.split())
    for one in (
        "token", "id_token", "code token", "code id_token", "token id_token", "code token id_token",
    )
)  # fmt: skip
_PROMPTS = ("none", "login", "consent", "select_account")


def parse_response_mode(parameters: Parameters) -> ResponseMode:
    """Read `response_mode`; for a code it is `query` unless the request says otherwise.

    Raises:
        InvalidRequest: An unknown mode, or one that the mock has not.
    """
    mode = parameters.get("response_mode")
    for known in RESPONSE_MODES:
        if mode in (None, known):
            return known  # type: ignore[return-value]  # query comes first: the default
    raise InvalidRequest(
        f"Unsupported response mode: {mode}",
        hint=f"response_mode is {mode!r}; this mock has {', '.join(RESPONSE_MODES)}",
    )


def parse_response_type(parameters: Parameters, client: Client) -> str:
    """Read `response_type`.

    Raises:
        OAuthError: It is missing, not one that the mock has, or not one for this client.
    """
    response_type = parameters.require("response_type")
    _check_response_type(response_type, client)
    return response_type


def check_no_request_object(parameters: Parameters) -> None:
    """Refuse what would change the request if it were read (OpenID Connect Core 6).

    Raises:
        OAuthError: `request` or `request_uri` was sent.
    """
    for name, refusal in (
        ("request", RequestNotSupported),
        ("request_uri", RequestUriNotSupported),
    ):
        if parameters.get(name) is not None:
            raise refusal(
                f"Parameter '{name}' is not supported",
                hint=f"Auth0 has `{name}`, this mock does not yet: send the parameters themselves",
            )


def _check_response_type(response_type: str, client: Client) -> None:
    if response_type not in RESPONSE_TYPES:
        known = frozenset(response_type.split()) in _RESPONSE_TYPES_OF_AUTH0
        raise UnsupportedResponseType(
            f"Unsupported response type: {response_type}",
            hint=f"response_type is {response_type!r}; "
            + ("Auth0 knows it and this mock does not yet: use code" if known else "use code"),
        )
    if grant_types.AUTHORIZATION_CODE not in client.grant_types:
        raise UnauthorizedClient(
            "Grant type 'authorization_code' not allowed for the client.",
            hint=f"grant_types of client {client.client_id} are {', '.join(client.grant_types)}; "
            "add authorization_code",
        )


def parse_prompt(parameters: Parameters) -> tuple[str, ...]:
    """Read `prompt`.

    Raises:
        InvalidRequest: An unknown one, or `none` beside another.
    """
    text = parameters.get("prompt")
    prompts = tuple(dict.fromkeys((text or "").split()))
    unknown = [prompt for prompt in prompts if prompt not in _PROMPTS]
    if unknown:
        raise InvalidRequest(
            f"Invalid prompt: {text}",
            hint=f"prompt {unknown[0]!r} is none of {', '.join(_PROMPTS)}",
        )
    if "none" in prompts and len(prompts) > 1:
        raise InvalidRequest(
            f"Invalid prompt: {text}", hint="prompt=none cannot stand beside another prompt"
        )
    return prompts


def parse_max_age(parameters: Parameters) -> int | None:
    """Read `max_age`, in seconds.

    Raises:
        InvalidRequest: It is no number of seconds.
    """
    text = parameters.get("max_age")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10):  # noqa: PLR2004 - digits of 300 years
        raise InvalidRequest(
            "Invalid max_age", hint=f"max_age is {text[:40]!r}; seconds are expected, from 0 up"
        )
    return int(text)
