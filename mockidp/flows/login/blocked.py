"""The refusals of a blocked user, which differ between endpoints.

Auth0: `unauthorized` at the callback, `invalid_grant` for a refresh token; for a password as the
setting `blocked_user_error` has it (docs/fidelity.md).
"""

from __future__ import annotations

from mockidp.protocol.errors.oauth_error import InvalidGrant, OAuthError, UserUnauthorized
from mockidp.protocol.errors.refusal_texts import USER_BLOCKED
from mockidp.tenant.tenant import Tenant


def blocked_at_callback(hint: str) -> OAuthError:
    """Return the refusal that is sent to the client's callback."""
    return UserUnauthorized(USER_BLOCKED, hint=hint)


def blocked_at_password(tenant: Tenant, hint: str) -> OAuthError:
    """Return the refusal of the password grants."""
    kind = (
        InvalidGrant if tenant.settings.blocked_user_error == "invalid_grant" else UserUnauthorized
    )
    return kind(USER_BLOCKED, hint=hint)


def blocked_at_refresh(hint: str) -> OAuthError:
    """Return the refusal of the refresh token grant."""
    return InvalidGrant(USER_BLOCKED, hint=hint)
