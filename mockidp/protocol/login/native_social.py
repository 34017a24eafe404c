"""Native social login: what the SDKs of Apple, Facebook and Google give an app.

Auth0: https://auth0.com/docs/api/authentication/token-exchange-for-native-social.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.frozen import frozen
from mockidp.protocol.oauth.parameters import load_json

_TYPES = "http://auth0.com/oauth/token-type/"


@frozen
class NativeProvider:
    """An identity provider whose SDK logs users in to native apps.

    Attributes:
        title: Its name.
        field: The field of the client's `native_social_login` that allows it.
        strategy: The strategy of its connection.
        kind: The `subject_token_type`.
        lifetime: Seconds until a subject token expires.
        is_single_use: Whether a subject token works once.
        error: The text for a subject token that is refused.
    """

    title: str
    field: str
    strategy: str
    kind: str
    lifetime: int
    is_single_use: bool
    error: str


APPLE = NativeProvider(
    title="Apple",
    field="apple",
    strategy="apple",
    kind=f"{_TYPES}apple-authz-code",
    lifetime=300,
    is_single_use=True,
    error="Invalid authorization code",
)
FACEBOOK = NativeProvider(
    title="Facebook",
    field="facebook",
    strategy="facebook",
    kind=f"{_TYPES}facebook-info-session-access-token",
    lifetime=5_183_924,
    is_single_use=False,
    error="Invalid subject_token",
)
GOOGLE = NativeProvider(
    title="Google",
    field="google",
    strategy="google-oauth2",
    kind=f"{_TYPES}google-id-token",
    lifetime=3600,
    is_single_use=False,
    error="Invalid subject_token",
)
PROVIDERS = (APPLE, FACEBOOK, GOOGLE)
BY_KIND: Mapping[str, NativeProvider] = {one.kind: one for one in PROVIDERS}
"""The provider of each `subject_token_type`."""
BY_STRATEGY: Mapping[str, NativeProvider] = {one.strategy: one for one in PROVIDERS}


class InvalidProfileError(Exception):
    """The text is no `user_profile`; its message names the mistake."""


def read_user_profile(provider: NativeProvider, text: str) -> Mapping[str, str]:
    """Return the fields of a user that the JSON text of a `user_profile` sets.

    Apple's has `{"name": {"firstName", "lastName"}}`, Facebook's `{"name", "email"}`. Other
    members are not read.

    Raises:
        InvalidProfileError: It is not such an object.
    """
    try:
        sent = load_json(text)
    except ValueError as error:
        raise InvalidProfileError(f"it {error}") from None
    if not isinstance(sent, dict):
        raise InvalidProfileError("it is not a JSON object")
    if provider is APPLE:
        return _of_apple(sent.get("name") or {})
    return {name: _text(name, sent[name]) for name in ("name", "email") if sent.get(name)}


def _of_apple(name: Any) -> Mapping[str, str]:
    if not isinstance(name, dict):
        raise InvalidProfileError('`name` is not an object such as {"firstName": "Ada"}')
    members = {"given_name": "firstName", "family_name": "lastName"}
    found = {
        field: _text(member, name[member]) for field, member in members.items() if name.get(member)
    }
    return {**found, "name": " ".join(found.values())} if found else {}


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidProfileError(f"`{name}` is not a string")
    return value
