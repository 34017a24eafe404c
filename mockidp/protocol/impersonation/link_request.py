"""A request for an impersonation link: the body of `POST /users/{id}/impersonate`.

Auth0: `docs/fidelity.md`, "Impersonation". Unknown keys of the body are ignored, because old
SDKs leak `token` and `clientId` into it; form bodies use bracket keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from mockidp.frozen import frozen
from mockidp.protocol.errors.refusal import ApiRefusal
from mockidp.protocol.oauth.response_type import CODE, normalize_response_type
from mockidp.protocol.oauth.scope import parse_scope

PROTOCOLS = ("oauth2", "samlp", "wsfed", "wsfed-rms", "wstrust-usernamemixed")
RESPONSE_TYPES = ("code", "token", "token id_token")
_READ = ("response_type", "state", "scope", "callback_url", "audience")
_MAX_TTL = 2592000


@frozen
class ImpersonationRequest:
    """A parsed request. `ttl` is in seconds; `state` is None if it is absent or empty."""

    client_id: str
    impersonator_id: str
    impersonator_email: str | None
    response_type: str
    scope: tuple[str, ...]
    state: str | None
    callback_url: str | None
    audience: str | None
    ttl: int | None
    response_mode: Literal["form_post"] | None
    misplaced: tuple[str, ...]
    """Names that belong inside `additionalParameters` but were sent outside it, and are ignored."""
    unread: tuple[str, ...]
    """Names inside `additionalParameters` that are ignored."""


def unbracket(form: Mapping[str, Any]) -> dict[str, Any]:
    """Convert `additionalParameters[state]=x` to a nested mapping, as in a JSON body."""
    body: dict[str, Any] = {}
    for name, value in form.items():
        outer, bracket, inner = name.partition("[")
        if not bracket:
            body[name] = value
            continue
        nested = body.setdefault(outer, {})
        if isinstance(nested, dict):
            nested[inner.removesuffix("]")] = value
    return body


def parse_impersonation_request(body: Mapping[str, Any]) -> ImpersonationRequest:
    """Parse the body.

    Raises:
        ApiRefusal: 400 in the format of the Management API; 501 for another protocol.
    """
    _check_protocol(_text(body, "protocol", required=True))
    additional = _mapping(body, "additionalParameters")
    impersonator = _mapping(body, "impersonator")
    return ImpersonationRequest(
        client_id=_text(body, "client_id", required=True),
        impersonator_id=_text(body, "impersonator_id")
        or _text(impersonator, "user_id")
        or _missing("impersonator_id"),
        impersonator_email=_text(impersonator, "email") or None,
        response_type=_parse_response_type(_text(additional, "response_type") or CODE),
        scope=parse_scope(_text(additional, "scope") or "openid"),
        state=_text(additional, "state") or None,
        callback_url=_text(additional, "callback_url") or None,
        audience=_text(additional, "audience") or None,
        ttl=_parse_ttl(body.get("ttl")),
        response_mode="form_post" if additional.get("response_mode") == "form_post" else None,
        misplaced=tuple(name for name in _READ if name in body),
        unread=_unread(additional),
    )


def _unread(additional: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of parameters that have a value and no effect."""
    return tuple(
        name
        for name, value in additional.items()
        if name not in _READ
        and value not in (None, "")
        and (name, value) != ("response_mode", "form_post")
    )


def _parse_response_type(text: str) -> str:
    response_type = normalize_response_type(text)
    if response_type not in RESPONSE_TYPES:
        raise _invalid(
            f"Unsupported response type: {text}",
            hint=f"Property `additionalParameters.response_type` is {text!r}. "
            f"Send one of {', '.join(RESPONSE_TYPES)}.",
        )
    return response_type


def _check_protocol(protocol: str) -> None:
    if protocol not in PROTOCOLS:
        raise _invalid(
            f"Unsupported protocol: {protocol}",
            hint=f"Property `protocol` is {protocol!r}. Send one of {', '.join(PROTOCOLS)}.",
        )
    if protocol != "oauth2":
        raise ApiRefusal(
            501,
            f"Impersonation with protocol {protocol} is not implemented by mockidp",
            hint=f"Auth0 supports protocol {protocol}, but mockidp supports oauth2 only.",
        )


def _parse_ttl(value: Any) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:  # noqa: PLR2004 - far over the limit
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= _MAX_TTL:
        raise _invalid(
            "Invalid ttl",
            hint=f"Property `ttl` is {str(value)[:40]!r}. Send 1 to {_MAX_TTL} seconds.",
        )
    return value


def _mapping(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name)
    if value is None or value == "":
        return {}
    if not isinstance(value, dict):
        raise _invalid(
            f"Invalid type: {name}",
            hint=f"Property `{name}` is a {type(value).__name__} instead of an object.",
        )
    return value


def _text(body: Mapping[str, Any], name: str, *, required: bool = False) -> str:
    value = body.get(name)
    if value is None:
        value = ""
    if not isinstance(value, str) or "\0" in value:
        raise _invalid(
            f"Invalid type: {name}",
            hint=f"Property `{name}` is not a string without NUL characters.",
        )
    if required and not value:
        _missing(name)
    return value


def _missing(name: str) -> str:
    raise _invalid(
        f"Missing required property: {name}",
        hint=f"Property `{name}` is absent or empty in the body.",
    )


def _invalid(message: str, *, hint: str) -> ApiRefusal:
    return ApiRefusal(400, message, error_code="invalid_body", hint=hint)
