"""Auth0's legacy pipeline, which handles clients with `oidc_conformant: false`.

In it, a scope may name any attribute of the profile, and `response_type=token` returns an ID token
as well. A request for an API is always handled by the OIDC-conformant pipeline.

Auth0: docs/fidelity.md, "Tokens and claims".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mockidp.protocol.oauth.response_type import ID_TOKEN, TOKEN
from mockidp.protocol.tokens.artifacts import ImpersonatedBy
from mockidp.protocol.tokens.claims import impersonation_claims
from mockidp.resources.client import Client
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.user import User

_ATTRIBUTES = (
    "user_id", "username", "email", "email_verified", "name", "nickname", "given_name",
    "family_name", "picture", "phone_number", "phone_verified", "created_at", "updated_at",
    "blocked", "app_metadata", "user_metadata",
)  # fmt: skip


def is_legacy(client: Client, api: ResourceServer | None) -> bool:
    """Return whether the legacy pipeline handles a request; `api` is None for /userinfo only."""
    return client.oidc_conformant is False and api is None


def with_id_token(response_type: str) -> str:
    """Return the response type that is answered: `token` includes an ID token."""
    return f"{TOKEN} {ID_TOKEN}" if response_type == TOKEN else response_type


def profile_attributes(user: User, impersonated_by: ImpersonatedBy | None) -> dict[str, Any]:
    """Return the attributes that a scope can name, without those that have no value."""
    attributes: dict[str, Any] = {
        **user.app_metadata,
        **{name: getattr(user, name) for name in _ATTRIBUTES},
        **impersonation_claims(impersonated_by),
    }
    return {name: value for name, value in attributes.items() if value not in (None, {})}


def attribute_claims(
    user: User, scope: Iterable[str], impersonated_by: ImpersonatedBy | None
) -> dict[str, Any]:
    """Return the attributes of the profile that a scope names."""
    attributes = profile_attributes(user, impersonated_by)
    return {name: attributes[name] for name in scope if name in attributes}
