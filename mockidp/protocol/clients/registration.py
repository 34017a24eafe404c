"""The metadata with which an app registers a client.

Spec: RFC 7591 2 and 3.2.2; OpenID Connect Registration 2.
Auth0: `docs/fidelity.md`, "Dynamic registration".
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from mockidp.frozen import frozen
from mockidp.protocol.errors.extension_error import InvalidClientMetadata, InvalidRedirectUri
from mockidp.protocol.oauth.grant_types import (
    AUTHORIZATION_CODE,
    DEFAULT_GRANT_TYPES,
    PASSWORD,
    PASSWORD_REALM,
    REFRESH_TOKEN,
)
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.oauth.response_type import RESPONSE_TYPES
from mockidp.resources.checks import check_grant_type, check_url

_METHODS = ("client_secret_post", "client_secret_basic", "none")
_APP_TYPES = {"web": "regular_web", "native": "native"}
_STRICT_GRANT_TYPES = (AUTHORIZATION_CODE, REFRESH_TOKEN)
_NEVER = (PASSWORD, PASSWORD_REALM)


@frozen
class ClientMetadata:
    """Checked metadata, with the names and values of the client's fields."""

    name: str | None
    callbacks: tuple[str, ...]
    token_endpoint_auth_method: Any
    grant_types: tuple[str, ...]
    app_type: str
    logo_uri: str | None


def parse_client_metadata(sent: Parameters, *, is_strict: bool) -> ClientMetadata:
    """Return the metadata of a registration.

    Args:
        sent: The members of the body.
        is_strict: Whether the client will be a strict one, which may have fewer grant types.

    Raises:
        InvalidRedirectUri: A redirect URI is not a URL that a client can have.
        InvalidClientMetadata: Another value is wrong.
    """
    method = _one_of(sent, "token_endpoint_auth_method", _METHODS)
    kind = _one_of(sent, "application_type", tuple(_APP_TYPES))
    _check_response_types(sent)
    return ClientMetadata(
        name=_text(sent, "client_name"),
        callbacks=_redirect_uris(sent, is_strict=is_strict),
        token_endpoint_auth_method=method,
        grant_types=_grant_types(sent, is_strict=is_strict),
        app_type="spa" if method == "none" and kind == "web" else _APP_TYPES[kind],
        logo_uri=_text(sent, "logo_uri"),
    )


def _refusal(name: str, why: str) -> InvalidClientMetadata:
    return InvalidClientMetadata(f"Invalid {name}", hint=f"Member `{name}` {why}")


def _text(sent: Parameters, name: str) -> str | None:
    value = sent.raw().get(name)
    if value is None or (isinstance(value, str) and value):
        return value
    raise _refusal(name, f"is {value!r:.100}. Send a string that is not empty.")


def _one_of(sent: Parameters, name: str, allowed: tuple[str, ...]) -> str:
    value = _text(sent, name)
    if value is None:
        return allowed[0]
    if value not in allowed:
        raise _refusal(name, f"is {value!r:.100}. Send one of {', '.join(allowed)}.")
    return value


def _texts(sent: Parameters, name: str) -> tuple[str, ...] | None:
    values = sent.raw().get(name)
    if values is None:
        return None
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise _refusal(name, 'is not a list of strings. Send one, such as `["..."]`.')
    return tuple(values)


def _redirect_uris(sent: Parameters, *, is_strict: bool) -> tuple[str, ...]:
    urls = _texts(sent, "redirect_uris")
    if not urls:
        why = sent.why_absent("redirect_uris")
        raise _refusal("redirect_uris", f"is required. {why or 'Send a list of callback URLs.'}")
    for url in urls:
        wrong = check_url(url)
        if wrong is not None or (is_strict and "*" in url):
            expected = wrong.text if wrong else "a URL without `*`, as the client is a strict one"
            raise InvalidRedirectUri(
                f"Invalid redirect URI: {url[:200]}",
                hint=f"Member `redirect_uris` has {url[:200]!r}. Send {expected}.",
            )
    return urls


def _grant_types(sent: Parameters, *, is_strict: bool) -> tuple[str, ...]:
    """Return the grant types that the client gets: those of the request that it may have."""
    requested = _texts(sent, "grant_types")
    if requested is None:
        return (AUTHORIZATION_CODE,) if is_strict else DEFAULT_GRANT_TYPES
    for one in requested:
        if wrong := check_grant_type(one):
            raise _refusal("grant_types", f"has {one[:100]!r}. Send {wrong.text}.")
    granted = tuple(one for one in requested if _may_have(one, is_strict=is_strict))
    if not granted:
        allowed = f"A client may have {', '.join(_STRICT_GRANT_TYPES)}" if is_strict else "Send one"
        raise _refusal("grant_types", f"has no grant type that the client may have. {allowed}.")
    return granted


def _may_have(grant_type: str, *, is_strict: bool) -> bool:
    return grant_type in _STRICT_GRANT_TYPES if is_strict else grant_type not in _NEVER


def _check_response_types(sent: Parameters) -> None:
    known = {frozenset(one.split()) for one in RESPONSE_TYPES}
    for one in _texts(sent, "response_types") or ():
        if frozenset(one.split()) not in known:
            raise _refusal("response_types", f"has {one[:100]!r}. Send {_listed(RESPONSE_TYPES)}.")


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"`{one}`" for one in names)
